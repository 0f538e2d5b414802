import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type * as SluicePackage from '../../src/index.js';

/** The built package: its types are those of its sources, which need no build. */
const PACKAGE = new URL('../../dist/index.js', import.meta.url).href;
const { LaneHandler, Sluice, SluiceModule } = (await import(PACKAGE)) as typeof SluicePackage;
const CALL_MS = 700;
const SHUTDOWN_MS = 200;

/**
 * A host application of the tests of signals. Arguments: `hooks` enables Nest's shutdown hooks, `once` closes the
 * application on its first SIGTERM, `two` adds a second Sluice.
 */
const given = new Set(process.argv.slice(2));
const dataDir = process.env['DATA_DIR'] ?? 'data';

class SlowHandler {
  async handle(): Promise<void> {
    process.stdout.write('call begins\n');
    await sleep(CALL_MS);
    process.stdout.write('call ends\n');
  }

  async onApplicationShutdown(): Promise<void> {
    await sleep(SHUTDOWN_MS);
    process.stdout.write('host shuts down\n');
  }
}
LaneHandler('default')(SlowHandler);

const hostModule = {
  imports: [
    SluiceModule.forRoot({ dataDir, shutdownGrace: 10 }),
    ...(given.has('two') ? [SluiceModule.forRoot({ name: 'second', dataDir: `${dataDir}/second` })] : []),
  ],
  providers: [SlowHandler],
};
const app = await NestFactory.create(hostModule, { logger: false });
if (given.has('hooks')) {
  app.enableShutdownHooks();
}
if (given.has('once')) {
  process.once('SIGTERM', () => void app.close());
}
await app.listen(0, '127.0.0.1');
await app.get(Sluice).submit('default', [1]);
