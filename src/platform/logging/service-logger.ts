import type { LogLevel as NestLevel } from '@nestjs/common';
import { Logger as PinoLoggerService, PinoLogger } from 'nestjs-pino';
import type { Logger } from 'pino';
import type { LogLevel } from '../config/variables/server.js';

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

/** The levels that are written, for `Logger.isLevelEnabled`: a text that is not written need not be built. */
export const NEST_LEVELS: Readonly<Record<LogLevel, readonly NestLevel[]>> = {
  ERROR: ['fatal', 'error'],
  WARNING: ['fatal', 'error', 'warn'],
  INFO: ['fatal', 'error', 'warn', 'log'],
  DEBUG: ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'],
};

/** The library shares the first logger of a process; this one is its service's own. */
class OwnPinoLogger extends PinoLogger {
  constructor(private readonly own: Logger) {
    super({ pinoHttp: { logger: own } });
  }

  override get logger(): Logger {
    return this.own;
  }
}

/** The framework's logger, on pino. */
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

  /** What stops the start is told in one line by `main.ts`; its stack is of use only to who debugs it. */
  override error(message: unknown, ...rest: unknown[]): void {
    if (START_FAILURE_CONTEXTS.has(rest.at(-1))) {
      super.debug(message, ...rest);
    } else {
      super.error(message, ...rest);
    }
  }
}
