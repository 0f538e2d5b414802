import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LaneHandler, Sluice, SluiceModule } from '../../dist/index.js';

/** A host application of the tests of signals. Argument: `hooks` to enable Nest's shutdown hooks. */
class SlowHandler {
  async handle() {
    process.stdout.write('call begins\n');
    await new Promise((resolve) => setTimeout(resolve, 700));
    process.stdout.write('call ends\n');
  }

  onApplicationShutdown() {
    process.stdout.write('host shuts down\n');
  }
}
LaneHandler('default')(SlowHandler);

class HostModule {}
Module({
  imports: [SluiceModule.forRoot({ dataDir: process.env.DATA_DIR, shutdownGrace: 10 })],
  providers: [SlowHandler],
})(HostModule);

const app = await NestFactory.create(HostModule, { logger: false });
if (process.argv[2] === 'hooks') {
  app.enableShutdownHooks();
}
await app.listen(0, '127.0.0.1');
await app.get(Sluice).submit('default', [1]);
