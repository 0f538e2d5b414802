import type { Logger, LoggerService } from '@nestjs/common';

type Level = 'log' | 'error' | 'warn' | 'debug' | 'verbose' | 'fatal';

/** Passes the lines of the service's log to the logger of the application, as text. */
export class HostLogger implements LoggerService {
  constructor(private readonly hostLogger: typeof Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.pass('log', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.pass('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.pass('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.pass('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.pass('verbose', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.pass('fatal', message, rest);
  }

  private pass(level: Level, message: unknown, rest: readonly unknown[]): void {
    const context = rest.at(-1);
    const name = typeof context === 'string' ? `Sluice.${context}` : 'Sluice';
    new this.hostLogger(name)[level](toText(message));
  }
}

function toText(message: unknown): string {
  if (typeof message !== 'object' || message === null || message instanceof Error) {
    return String(message);
  }
  const { msg, ...fields } = message as Readonly<Record<string, unknown>>;
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [...(typeof msg === 'string' ? [msg] : []), ...pairs].join(' ');
}
