import { isatty } from 'node:tty';
import { pino, stdTimeFunctions, type DestinationStream, type Level, type Logger } from 'pino';
import { escapeControls } from '../../domain/printable-text.js';
import type { Runtime } from '../../domain/runtime.js';
import type { LogLevel } from '../config/variables/server.js';
import { currentRequest } from '../telemetry/request-context.js';
import { LogStream } from './log-stream.js';
import { redactSecrets } from './redact-secrets.js';
import { keepEscapesVisible } from './visible-escapes.js';
import { traceFields } from './trace-fields.js';

const STDOUT = 1;

const PINO_LEVELS: Readonly<Record<LogLevel, Level>> = {
  ERROR: 'error',
  WARNING: 'warn',
  INFO: 'info',
  DEBUG: 'trace',
};

/**
 * Creates the logger: one line of JSON per event, written asynchronously; lines that are still buffered are
 * written when the process exits. Each line carries the id of its request, and its span if tracing is
 * enabled.
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
      hooks: { streamWrite: (line) => escapeControls(redactSecrets(line)) },
    },
    stream,
  );
}

/** Opens the standard output: human-readable on a terminal, JSON otherwise. */
export async function openLogStream(runtime: Runtime): Promise<DestinationStream> {
  if (isatty(STDOUT)) {
    const { default: pretty } = await import('pino-pretty');
    const stream = pretty({
      destination: STDOUT,
      sync: true,
      translateTime: 'SYS:HH:MM:ss.l',
      singleLine: true,
    });
    return { write: (line) => stream.write(keepEscapesVisible(line)) };
  }
  const stream = new LogStream(STDOUT, runtime);
  process.on('exit', () => {
    stream.flushSync();
  });
  return stream;
}

/** Logs an uncaught error. The process ends as it does without this. */
export function logUncaughtErrors(logger: Logger): void {
  process.on('uncaughtExceptionMonitor', (error) => {
    logger.fatal(error, 'a defect ends the service');
  });
}
