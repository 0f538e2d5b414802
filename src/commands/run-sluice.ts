import { CommanderError } from 'commander';
import { CliError, EXIT, type ExitCode } from '../clients/cli/cli-error.js';
import { escapeLine } from '../domain/printable-text.js';
import { isAbort } from '../clients/cli/api-client.js';
import type { ServeOptions } from './serve.command.js';
import { createSluiceProgram } from './sluice-program.js';

/** The service stops by itself on signals, and keeps running when nobody reads its log. */
const SERVICE_COMMAND = 'serve';

/**
 * Runs `sluice` with these arguments. Sets the exit code; the process ends when nothing more is to be done.
 */
export async function runSluice(args: readonly string[]): Promise<void> {
  const interruption = new AbortController();
  let exitCode: ExitCode = EXIT.ok;
  const program = createSluiceProgram({
    environment: process.env,
    out: process.stdout,
    signal: interruption.signal,
    ended: (code) => {
      exitCode = code;
    },
  });
  program.hook('preAction', (_program, command) => {
    const { checkConfig, printConfig } = command.opts<ServeOptions>();
    if (command.name() === SERVICE_COMMAND && checkConfig !== true && printConfig !== true) {
      process.stdout.off('error', endOnOutputError);
    } else {
      endOnSignals(interruption);
    }
  });
  process.stdout.on('error', endOnOutputError);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    exitCode = reportError(error);
  }
  process.exitCode ??= exitCode;
}

/** Interrupts the command on the first signal. Ends the process soon after it, for an operation that does not react. */
function endOnSignals(interruption: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interruption.abort();
      setTimeout(() => process.exit(EXIT.interrupted), 500).unref();
    });
  }
}

function endOnOutputError(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') {
    process.exit(process.exitCode ?? EXIT.ok); // the reader closed the pipe: `sluice list | head`
  }
  process.stderr.write(`sluice: cannot write the output: ${error.message}\n`);
  process.exit(EXIT.failed);
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
    process.stderr.write(`sluice: ${escapeLine(error.message)}\n`);
    return error.exitCode;
  }
  throw error;
}
