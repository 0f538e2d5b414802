import type { INestApplicationContext, LoggerService } from '@nestjs/common';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
const EXIT_CUT_SHORT = 1;

/** The first signal drains and ends with exit code 0; a second one ends the process at once. */
export function stopOnSignals(app: INestApplicationContext, logger: LoggerService): void {
  let isStopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (isStopping) {
      process.exit(EXIT_CUT_SHORT);
    }
    isStopping = true;
    logger.log(`${signal}: stopping; calls in flight may end, a second signal stops at once`);
    try {
      await app.close();
    } catch (error) {
      logger.error(`the stop failed: ${String(error)}`);
      process.exit(EXIT_CUT_SHORT);
    }
    logger.log('stopped');
    process.exit(0);
  };
  for (const signal of SIGNALS) {
    process.on(signal, (received) => void stop(received));
  }
}
