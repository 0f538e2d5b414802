import type { Command } from 'commander';
import { addCompletionCommands } from '../clients/cli/completion.js';
import { addExamples } from '../clients/cli/examples.js';
import { createProgram, type ProgramContext } from '../clients/cli/program.js';
import { VERSION } from '../platform/config/version.js';
import { addKeysCommand } from './keys.command.js';
import { addLanesCommand } from './lanes.command.js';
import { addMigrateStoreCommand } from './migrate-store.command.js';
import { addServeCommand } from './serve.command.js';
import { addWebhooksCommand } from './webhooks.command.js';

/** Creates `sluice` with all its commands: those that talk to a service, and those of this machine. */
export function createSluiceProgram(context: ProgramContext): Command {
  const { environment, out } = context;
  const program = createProgram(context).version(VERSION, '--version', 'show the version');
  program.commandsGroup('On this machine:');
  addServeCommand(program, environment);
  addKeysCommand(program, environment);
  addWebhooksCommand(program, environment);
  addLanesCommand(program, environment);
  addMigrateStoreCommand(program);
  addCompletionCommands(program, out);
  addExamples(program);
  return program;
}
