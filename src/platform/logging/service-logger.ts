import type { LogLevel as NestLevel } from '@nestjs/common';
import { Logger as PinoLoggerService, PinoLogger } from 'nestjs-pino';
import type { Logger } from 'pino';
import type { LogLevel } from '../config/variables/server.js';

/** Loggers of the framework's own start, useful only for debugging. */
const FRAMEWORK_CONTEXTS: ReadonlySet<unknown> = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

/** Loggers of the framework for errors that `main.ts` also receives. */
const START_FAILURE_CONTEXTS: ReadonlySet<unknown> = new Set(['ExceptionHandler', 'NestApplication']);

/** The enabled levels, for `Logger.isLevelEnabled`: a text that is not written need not be built. */
export const NEST_LEVELS: Readonly<Record<LogLevel, readonly NestLevel[]>> = {
  ERROR: ['fatal', 'error'],
  WARNING: ['fatal', 'error', 'warn'],
  INFO: ['fatal', 'error', 'warn', 'log'],
  DEBUG: ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'],
};

/** The library shares the first logger of a process; this class gives each service its own. */
class OwnPinoLogger extends PinoLogger {
  constructor(private readonly own: Logger) {
    super({ pinoHttp: { logger: own } });
  }

  override get logger(): Logger {
    return this.own;
  }
}

/** Nest's logger, on pino. */
export class ServiceLogger extends PinoLoggerService {
  constructor(logger: Logger) {
    super(new OwnPinoLogger(logger), {});
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (FRAMEWORK_CONTEXTS.has(rest.at(-1))) {
      super.debug(message, ...rest);
    } else {
      super.log(message, ...rest);
    }
  }

  /**
   * Logs errors of the start at debug level: `main.ts` reports them in one line, and the stack is useful only
   * for debugging.
   */
  override error(message: unknown, ...rest: unknown[]): void {
    if (START_FAILURE_CONTEXTS.has(rest.at(-1))) {
      super.debug(message, ...rest);
    } else {
      super.error(message, ...rest);
    }
  }
}
