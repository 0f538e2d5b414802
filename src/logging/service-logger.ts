import { Logger as PinoLoggerService, PinoLogger } from 'nestjs-pino';
import type { Logger } from 'pino';

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
