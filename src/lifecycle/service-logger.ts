import { isatty } from 'node:tty';
import { ConsoleLogger, type LogLevel as NestLogLevel } from '@nestjs/common';
import type { LogLevel } from '../config/environment.js';

const STDOUT = 1;

const NEST_LEVELS: Readonly<Record<LogLevel, NestLogLevel[]>> = {
  ERROR: ['fatal', 'error'],
  WARNING: ['fatal', 'error', 'warn'],
  INFO: ['fatal', 'error', 'warn', 'log'],
  DEBUG: ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'],
};

/** What the framework tells of its own start: of use only to who debugs it. */
const FRAMEWORK_CONTEXTS: ReadonlySet<unknown> = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

/** Under these names the framework tells of errors that `main.ts` gets too. */
const START_FAILURE_CONTEXTS: ReadonlySet<unknown> = new Set(['ExceptionHandler', 'NestApplication']);

/** Logs to the console, at the contract's levels. */
export class ServiceLogger extends ConsoleLogger {
  constructor(level: LogLevel) {
    super({ logLevels: NEST_LEVELS[level], colors: isatty(STDOUT), prefix: 'Sluice' });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (FRAMEWORK_CONTEXTS.has(rest.at(-1))) {
      super.debug(message, ...rest);
    } else {
      super.log(message, ...rest);
    }
  }

  /** What stops the start is told in one line by `main.ts`; its stack is of use only to who debugs it. */
  override error(message: unknown, ...rest: unknown[]): void {
    if (START_FAILURE_CONTEXTS.has(rest.at(-1))) {
      super.debug(message, ...rest);
    } else {
      super.error(message, ...rest);
    }
  }

  protected override getTimestamp(): string {
    return new Date().toISOString();
  }
}
