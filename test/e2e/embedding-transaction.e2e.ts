import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Injectable, Module, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Client } from 'pg';
import {
  InjectLane,
  LaneHandler,
  OnIngestionFinished,
  SluiceModule,
  type FinishedList,
  type SluiceLane,
  type SqlTransaction,
} from '../../src/index.js';
import { usePostgres } from '../support/postgres-stores.js';
import { useTempFolders } from '../support/temp-folder.js';
import { waitFor } from '../support/wait-for.js';

jest.setTimeout(60_000);

const LARGE_ID = 10_000_000_000_000_000_007n;

@LaneHandler('crm')
@Injectable()
class CrmHandler {
  readonly calls: (readonly bigint[])[] = [];

  async handle(ids: readonly bigint[]): Promise<void> {
    this.calls.push(ids);
  }
}

@Injectable()
class Orders {
  readonly finished: FinishedList[] = [];

  constructor(@InjectLane('crm') readonly lane: SluiceLane) {}

  @OnIngestionFinished()
  onFinished(list: FinishedList): void {
    this.finished.push(list);
  }
}

@Module({
  imports: [SluiceModule.registerLane({ name: 'crm', batchSize: 3, batchDelay: 0.01 })],
  providers: [CrmHandler, Orders],
})
class OrdersModule {}

describe('A list in a transaction of the application', () => {
  const opened: { close(): Promise<unknown> }[] = [];
  // Before the schemas are removed, which open transactions would delay.
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) {
      await each.close();
    }
  });
  const postgres = usePostgres();
  const newFolder = useTempFolders();

  async function start(
    store: { databaseUrl: string; databaseSchema: string } | { dataDir: string },
  ): Promise<{
    readonly app: INestApplication;
    readonly lane: SluiceLane;
  }> {
    const module = await Test.createTestingModule({
      imports: [
        SluiceModule.forRoot({ ...store, shutdownGrace: 1, http: { path: '/sluice' } }),
        OrdersModule,
      ],
    }).compile();
    const app = module.createNestApplication();
    app.useLogger(false);
    opened.push(app);
    await app.listen(0, '127.0.0.1');
    return { app, lane: app.get(Orders).lane };
  }

  async function startOnPostgres(): Promise<Awaited<ReturnType<typeof start>> & { readonly schema: string }> {
    const schema = postgres.newSchema();
    return { ...(await start({ databaseUrl: postgres.url, databaseSchema: schema })), schema };
  }

  /** Opens a connection of the application, with a transaction. */
  async function begin(url = postgres.url): Promise<Client> {
    const client = new Client({ connectionString: url });
    opened.push({ close: () => client.end() });
    await client.connect();
    await client.query('BEGIN');
    return client;
  }

  it('is queued at the commit with its row of the application, and the handler and the listener get it', async () => {
    const { app, lane } = await startOnPostgres();
    const transaction = await begin();
    await transaction.query('CREATE TEMP TABLE orders (list uuid)');

    const { ingestionId, replayed } = await lane.submit([1, 2, LARGE_ID], { transaction, priority: 'HIGH' });
    await transaction.query('INSERT INTO orders VALUES ($1)', [ingestionId]);
    await expect(lane.status(ingestionId)).rejects.toMatchObject({ kind: 'not_found' });
    await transaction.query('COMMIT');
    await waitFor('the list to end', () => app.get(Orders).finished.length === 1);

    expect(replayed).toBe(false);
    expect(app.get(CrmHandler).calls).toEqual([[1n, 2n, LARGE_ID]]);
    expect(app.get(Orders).finished).toMatchObject([{ ingestionId, status: 'completed', total: 3 }]);
  });

  it.each(['in a transaction', 'without one'])('keeps labels, units and times, submitted %s', async (how) => {
    const { lane, schema } = await startOnPostgres();
    const transaction = how === 'without one' ? undefined : await begin();
    const expiresAt = new Date('2036-11-24T10:00:00.000Z');
    const { ingestionId } = await lane.submit([1, 2], {
      labels: { shop: 'berlin' },
      units: 3,
      notBefore: 3600,
      expiresAt,
      ...(transaction && { transaction }),
    });
    await transaction?.query('COMMIT');

    expect(await lane.status(ingestionId)).toMatchObject({ status: 'yet_to_start', yetToStart: 2 });
    const [row] = await postgres.run(
      `SELECT labels, units, expires_at, not_before - created_at AS wait FROM ${schema}.ingestion`,
    );
    expect(row).toMatchObject({ labels: '{"shop":"berlin"}', units: 3 });
    expect([Number(row?.['expires_at']), Number(row?.['wait'])]).toEqual([expiresAt.getTime(), 3_600_000]);
    await expect(lane.submit([3], { labels: { '': 'x' } })).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('leaves nothing after a rollback', async () => {
    const { lane } = await startOnPostgres();
    const transaction = await begin();
    const { ingestionId } = await lane.submit([1, 2], { transaction });
    await transaction.query('ROLLBACK');
    await expect(lane.status(ingestionId)).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('is a replay of the same list over HTTP, and the other way round', async () => {
    const { app, lane, schema } = await startOnPostgres();
    const post = async (ids: number[]): Promise<string> => {
      const response = await fetch(`${await app.getUrl()}/sluice/ingest`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'order-7' },
        body: JSON.stringify({ ids, priority: 'MEDIUM', lane: 'crm' }),
      });
      return ((await response.json()) as { ingestion_id: string }).ingestion_id;
    };
    const transaction = await begin();
    const options = { transaction, idempotencyKey: 'order-8' };
    const first = await lane.submit([1], options);
    expect(await lane.submit([1], options)).toEqual({ ...first, replayed: true });
    await transaction.query('COMMIT');
    expect(await lane.submit([1], { idempotencyKey: 'order-8' })).toEqual({ ...first, replayed: true });

    const overHttp = await post([9]);
    const { rows } = await transaction.query<{ id: string }>(
      `SELECT ${schema}.ingest(ARRAY[9], 'MEDIUM', 'crm', 'order-7') AS id`,
    );
    expect(rows).toEqual([{ id: overHttp }]);
  });

  it('is refused as a request would be, with a SluiceError', async () => {
    const { lane } = await startOnPostgres();
    const transaction = await begin();
    await expect(lane.submit([0], { transaction })).rejects.toMatchObject({ kind: 'invalid' });
    const options = { transaction, idempotencyKey: 'k' };
    await lane.submit([1], options);
    await expect(lane.submit([2], options)).rejects.toMatchObject({ name: 'SluiceError', kind: 'mismatch' });
  });

  it('takes a transaction that returns the rows alone, as a QueryRunner of TypeORM does', async () => {
    const { lane } = await startOnPostgres();
    const client = await begin();
    const runner: SqlTransaction = {
      query: async (text, values) => (await client.query(text, values)).rows as unknown,
    };
    expect(await lane.submit([1], { transaction: runner })).toMatchObject({ replayed: false });
  });

  it('needs a store in PostgreSQL, and the database of the store', async () => {
    const transaction = await begin();
    const { lane } = await start({ dataDir: newFolder() });
    await expect(lane.submit([1], { transaction })).rejects.toMatchObject({
      name: 'SluiceError',
      kind: 'unsupported',
      message: 'transaction needs a store in PostgreSQL: set databaseUrl',
    });

    const other = await startOnPostgres();
    const elsewhere = new URL(postgres.url);
    elsewhere.pathname = '/template1';
    await expect(
      other.lane.submit([1], { transaction: await begin(String(elsewhere)) }),
    ).rejects.toMatchObject({
      kind: 'misconfigured',
    });
  });
});
