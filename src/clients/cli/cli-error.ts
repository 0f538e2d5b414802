/** The exit codes, explained in docs/cli.md. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  unavailable: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the program; its message is the only line on standard error. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    message: string,
    readonly exitCode: ExitCode,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The service refuses the key, so that another attempt is useless. */
export class AccessLostError extends CliError {
  constructor(message: string) {
    super(message, EXIT.unavailable);
  }
}
