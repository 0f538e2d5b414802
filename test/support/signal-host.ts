import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type * as SluicePackage from '../../src/index.js';

/** The built package: its types are those of its sources, which need no build. */
const PACKAGE = new URL('../../dist/index.js', import.meta.url).href;
const { LaneHandler, Sluice, SluiceModule } = (await import(PACKAGE)) as typeof SluicePackage;
const CALL_MS = 700;

/** A host application of the tests of signals. Argument: `hooks` to enable Nest's shutdown hooks. */
class SlowHandler {
  async handle(): Promise<void> {
    process.stdout.write('call begins\n');
    await sleep(CALL_MS);
    process.stdout.write('call ends\n');
  }

  onApplicationShutdown(): void {
    process.stdout.write('host shuts down\n');
  }
}
LaneHandler('default')(SlowHandler);

const hostModule = {
  imports: [SluiceModule.forRoot({ dataDir: process.env['DATA_DIR'] ?? 'data', shutdownGrace: 10 })],
  providers: [SlowHandler],
};
const app = await NestFactory.create(hostModule, { logger: false });
if (process.argv[2] === 'hooks') {
  app.enableShutdownHooks();
}
await app.listen(0, '127.0.0.1');
await app.get(Sluice).submit('default', [1]);
