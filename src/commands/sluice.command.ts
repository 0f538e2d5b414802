#!/usr/bin/env node
import { CommanderError } from 'commander';
import { CliError, EXIT, type ExitCode } from '../clients/cli/cli-error.js';
import { createProgram } from '../clients/cli/program.js';
import { isAbort } from '../clients/cli/api-client.js';
import { addKeysCommand } from './keys.command.js';
import { addWebhooksCommand } from './webhooks.command.js';

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interruption.abort();
    setTimeout(() => process.exit(EXIT.interrupted), 500).unref(); // for an operation that does not react to the signal
  });
}
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') {
    process.exit(EXIT.ok); // the reader closed the pipe: `sluice list | head`
  }
  process.stderr.write(`sluice: cannot write the output: ${error.message}\n`);
  process.exit(EXIT.failed);
});

async function run(): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const program = createProgram({
    environment: process.env,
    out: process.stdout,
    signal: interruption.signal,
    ended: (code) => {
      exitCode = code;
    },
  });
  addKeysCommand(program, process.env);
  addWebhooksCommand(program, process.env);
  try {
    await program.parseAsync();
    return exitCode;
  } catch (error) {
    return reportError(error);
  }
}

/** Prints one line on standard error, except for errors of commander, which prints its own. */
function reportError(error: unknown): ExitCode {
  if (isAbort(error)) {
    process.stderr.write('interrupted; accepted lists are still processed\n');
    return EXIT.interrupted;
  }
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  if (error instanceof CliError) {
    process.stderr.write(`sluice: ${error.message}\n`);
    return error.exitCode;
  }
  throw error;
}

process.exitCode = await run();
