import type { LoggerService } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { drainHttpConnections } from './drain-http-connections.js';
import { STOP_SIGNALS } from './stop-signals.js';
import { Runtime } from '../../domain/runtime.js';

const EXIT_CODE_FORCED = 1;
/** Under `npm start` one Ctrl-C arrives twice: from the terminal, and forwarded by npm. */
const DUPLICATE_SIGNAL_MS = 500;

/**
 * Stops the service on a signal. The first signal drains and exits with code 0; a second one exits
 * immediately. Requests in flight are answered; connections that are still open after `graceMs` are closed.
 */
export function enableGracefulShutdown(
  app: NestExpressApplication,
  logger: LoggerService,
  graceMs: number,
): void {
  const runtime = app.get(Runtime);
  let stoppingSinceMs: number | undefined;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stoppingSinceMs !== undefined) {
      if (runtime.monotonicMs() - stoppingSinceMs > DUPLICATE_SIGNAL_MS) {
        process.exit(EXIT_CODE_FORCED);
      }
      return;
    }
    stoppingSinceMs = runtime.monotonicMs();
    logger.log(`${signal}: stopping; calls in flight may end, a second signal stops at once`);
    drainHttpConnections(app.getHttpServer(), graceMs, runtime);
    try {
      await app.close();
    } catch (error) {
      logger.error(`the stop failed: ${String(error)}`);
      process.exit(EXIT_CODE_FORCED);
    }
    logger.log('stopped');
    process.exit(0);
  };
  // By default SIGUSR1 opens Node.js's debugger, which runs any code. Start with `node --inspect` to debug.
  process.on('SIGUSR1', () => undefined);
  for (const signal of STOP_SIGNALS) {
    process.on(signal, (received) => void stop(received));
  }
}
