export interface ConfigErrorOptions extends ErrorOptions {
  /** The names inside a setting that lead to the faulty part of it, such as `throttled`, `when`. */
  readonly path?: readonly string[];
}

/** A setting is not valid. It stops the start with one line and exit code 78 (EX_CONFIG of sysexits.h). */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** See {@link ConfigErrorOptions.path}; empty if the setting as a whole is meant. */
  readonly path: readonly string[];

  constructor(message: string, options: ConfigErrorOptions = {}) {
    super(message, options);
    this.path = options.path ?? [];
  }
}
