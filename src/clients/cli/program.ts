import { Command } from 'commander';
import { escapeControls } from '../../domain/printable-text.js';
import { ApiClient } from './api-client.js';
import { addBulkCommands } from './bulk.command.js';
import type { ExitCode } from './cli-error.js';
import type { CommandContext } from './command-context.js';
import { addDeadLetterCommands } from './dead-letters.command.js';
import { addDispatchesCommand } from './dispatches.command.js';
import { addIngestionDetailCommands } from './ingestion-details.commands.js';
import { addIngestionCommands } from './ingestion.commands.js';
import { addLaneCommands } from './lanes.command.js';
import { Output } from './output.js';
import { addQueueCommands } from './queue.commands.js';
import { findService, type ServiceOptions } from './service-address.js';
import { addServiceCommands } from './service.commands.js';
import { addWebhookCommands } from './webhooks.commands.js';

export interface ProgramContext {
  readonly environment: NodeJS.ProcessEnv;
  readonly out: NodeJS.WriteStream;
  /** Aborted when the user interrupts the program. */
  readonly signal: AbortSignal;
  /** Called with the exit code after a command that did not fail. */
  readonly ended: (exitCode: ExitCode) => void;
}

/** The commands of `sluice` that talk to a service. */
export function createProgram({ environment, out, signal, ended }: ProgramContext): Command {
  const program = new Command('sluice')
    .description('Submits ids to a Sluice service, watches and controls their ingestions.')
    .option('--url <url>', 'the service (SLUICE_URL, or http://localhost:8000)')
    .option(
      '--api-key-file <file>',
      'a file with the key that is sent with each request (SLUICE_API_KEY is a key)',
    )
    .option('--profile <name>', 'a service of profiles.yaml in your configuration folder (SLUICE_PROFILE)')
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        write(escapeControls(text));
      },
    })
    .showHelpAfterError('(see --help)');
  const context: CommandContext = {
    begin: async ({ json }) => [
      new ApiClient(await findService(program.opts<ServiceOptions>(), environment)),
      new Output(out, json === true),
    ],
    ended,
    signal,
  };
  program.commandsGroup('Ingestions:');
  addIngestionCommands(program, context);
  addIngestionDetailCommands(program, context);
  addDispatchesCommand(program, context);
  addDeadLetterCommands(program, context);
  addBulkCommands(program, context);
  program.commandsGroup('Lanes and their queues:');
  addQueueCommands(program, context);
  addLaneCommands(program, context);
  program.commandsGroup('The service:');
  addWebhookCommands(program, context);
  addServiceCommands(program, context);
  return program;
}
