import { isatty } from 'node:tty';
import { pino, stdTimeFunctions, type DestinationStream, type Level, type Logger } from 'pino';
import type { LogLevel } from '../config/variables/server.js';
import { currentRequest } from '../telemetry/request-context.js';
import { redactSecrets } from './redact-secrets.js';
import { traceFields } from './trace-fields.js';

const STDOUT = 1;

/** What may wait for a reader that does not read; lines beyond it are dropped, so that memory holds. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

const PINO_LEVELS: Readonly<Record<LogLevel, Level>> = {
  ERROR: 'error',
  WARNING: 'warn',
  INFO: 'info',
  DEBUG: 'trace',
};

/**
 * A line of JSON for each event, written without waiting for it; what is not written yet is written when the process
 * exits. Each carries the id of the request it concerns, and its span where traces are kept.
 */
export function createPinoLogger(level: LogLevel, stream: DestinationStream, isTraced = false): Logger {
  return pino(
    {
      level: PINO_LEVELS[level],
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: (line) => {
        const request = currentRequest();
        return {
          ...(request && { request_id: request.requestId, client: request.client?.name }),
          ...(isTraced && traceFields(line, request)),
        };
      },
      hooks: { streamWrite: redactSecrets },
    },
    stream,
  );
}

/** The standard output: for people where it is a terminal, for machines otherwise. */
export async function openLogStream(): Promise<DestinationStream> {
  if (isatty(STDOUT)) {
    const { default: pretty } = await import('pino-pretty');
    return pretty({ destination: STDOUT, sync: true, translateTime: 'SYS:HH:MM:ss.l', singleLine: true });
  }
  return pino.destination({ dest: STDOUT, sync: false, maxLength: MAX_BUFFERED_BYTES });
}

/** A defect ends the process, as without this; the log then says so too. */
export function logUncaughtErrors(logger: Logger): void {
  process.on('uncaughtExceptionMonitor', (error) => {
    logger.fatal(error, 'a defect ends the service');
  });
}
