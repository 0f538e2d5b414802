// A Nest application on Fastify. Sluice takes lists over HTTP under /sluice, and a handler in place of an HTTP upstream.
import 'reflect-metadata';
import { Injectable, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  LaneHandler,
  LaneHandlerError,
  SluiceModule,
  type DispatchHandler,
  type HandlerResult,
} from 'sluice';

@LaneHandler('default')
@Injectable()
class Warehouse implements DispatchHandler {
  private calls = 0;

  async handle(ids: readonly bigint[]): Promise<readonly HandlerResult[]> {
    this.calls += 1;
    if (this.calls === 1) {
      console.log(`the warehouse is busy: ${ids.join(', ')}`);
      throw new LaneHandlerError('busy', { retryAfterMs: 200 });
    }
    console.log(`the warehouse receives ${ids.join(', ')}`);
    return ids.map((id) =>
      id === 13n
        ? { id, ok: false, message: 'no such article', permanent: true }
        : { id, ok: true, data: { stock: 7 } },
    );
  }
}

@Module({
  imports: [
    SluiceModule.forRootAsync({
      useFactory: () => ({
        dataDir: process.env.DATA_DIR ?? 'data',
        batchSize: 2,
        batchDelay: 0.1,
        http: { path: '/sluice' },
      }),
    }),
  ],
  providers: [Warehouse],
})
class AppModule {}

Logger.overrideLogger(['error']);
const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
  logger: ['error'],
});
await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
const url = `${await app.getUrl()}/sluice`;

const accepted = await fetch(`${url}/ingest`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: '{"ids":[11,12,13,10000000000000000007],"priority":"LOW"}',
});
const { ingestion_id: id } = (await accepted.json()) as { ingestion_id: string };
let status = { status: '', progress: {} };
while (status.status !== 'failed') {
  status = (await (await fetch(`${url}/status/${id}?wait=10`)).json()) as typeof status;
}
console.log(JSON.stringify(status.progress));
await app.close();
