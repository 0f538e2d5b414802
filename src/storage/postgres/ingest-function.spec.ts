import { describe, expect, it, jest } from '@jest/globals';
import type { Client } from 'pg';
import { firstValueFrom } from 'rxjs';
import {
  call,
  listOf,
  pendingIn,
  useIngestFunction,
  UUID_V7,
} from '../../../test/support/ingest-function.js';
import { claimFrom, UNLIMITED } from '../../../test/support/claims.js';
import { usePostgres, withClient } from '../../../test/support/postgres-stores.js';
import { MAX_ID, unpackBigIntIds } from '../../domain/packed-ids.js';

jest.setTimeout(60_000);

describe('The function ingest() on PostgreSQL', () => {
  const postgres = usePostgres();
  const { open, within } = useIngestFunction(postgres);

  it('queues a list at the commit of its caller, with exact ids, and not before', async () => {
    const place = await open();
    const ids = [1n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n, MAX_ID];
    const ingestionId = await within(async (client) => {
      const id = await call(client, place.schema, `'{${ids.join(',')}}', 'HIGH', 'default', NULL, 'alice'`);
      expect(await place.store.ingestions.findById(id)).toBeNull();
      expect(await pendingIn(place)).toBe(0);
      await client.query('COMMIT');
      return id;
    });

    const record = await place.store.ingestions.findById(ingestionId);
    expect(ingestionId).toMatch(UUID_V7);
    expect(record).toMatchObject({
      total: 5,
      dispatched: 0,
      priority: 'HIGH',
      lane: 'default',
      client: 'alice',
    });
    expect([await pendingIn(place), await pendingIn(place, 'alice')]).toEqual([5, 5]);
    const sent: bigint[] = [];
    for (const size of [3, 2]) {
      const claim = await claimFrom(place.store, UNLIMITED);
      const parts = claim.kind === 'dispatch' ? claim.dispatch.parts : [];
      expect(parts.map((part) => part.size)).toEqual([size]);
      sent.push(...parts.flatMap(({ packedIds }) => unpackBigIntIds(packedIds)));
    }
    expect(sent).toEqual(ids);
    expect([await pendingIn(place), await pendingIn(place, 'alice')]).toEqual([0, 0]);
  });

  it('keeps ids of several chunks in order, and the lists of a transaction in the order of the calls', async () => {
    const place = await open();
    const [first, second] = await within(async (client) => {
      const both = [
        await call(client, place.schema, `ARRAY(SELECT * FROM generate_series(1, 1200))::numeric[]`),
        await call(client, place.schema, 'ARRAY[7, 8]'),
      ] as const;
      await client.query('COMMIT');
      return both;
    });

    const record = await place.store.ingestions.findById(first);
    const later = await place.store.ingestions.findById(second);
    const packed = record && (await place.store.ingestions.readIds(record, 0, 1200));
    expect(unpackBigIntIds(packed ?? new Uint8Array())).toEqual(
      Array.from({ length: 1200 }, (_, i) => BigInt(i + 1)),
    );
    expect(later?.seq).toBe((record?.seq ?? 0) + 1);
    expect((await place.store.ingestions.positionOf('default', 'MEDIUM', later?.seq ?? 0)).pendingAhead).toBe(
      1200,
    );
  });

  it('queues nothing that is rolled back, whole or to a savepoint', async () => {
    const place = await open();
    await within(async (client) => {
      await call(client, place.schema, `ARRAY[1], 'LOW', 'default', 'a'`);
      await client.query('ROLLBACK');
      await client.query('BEGIN; SAVEPOINT here');
      await call(client, place.schema, `ARRAY[2, 3], 'LOW', 'default', 'a'`);
      await client.query('ROLLBACK TO here');
      await call(client, place.schema, `ARRAY[4], 'LOW', 'default', 'a'`);
      await client.query('COMMIT');
    });

    expect(await pendingIn(place)).toBe(1);
    const left = await postgres.run(
      `SELECT (SELECT count(*) FROM ${place.schema}.chunk) AS chunks, (SELECT count(*) FROM ${place.schema}.submission) AS submissions`,
    );
    expect(left).toEqual([{ chunks: '1', submissions: '0' }]);
  });

  it('wakes the replicas at the commit', async () => {
    const place = await open();
    await firstValueFrom(place.store.dispatches.arrivals); // it listens
    let isAwake = false;
    const woken = firstValueFrom(place.store.dispatches.arrivals).then(() => (isAwake = true));
    await within(async (client) => {
      await call(client, place.schema, 'ARRAY[1]');
      await postgres.run('SELECT pg_sleep(0.2)');
      expect(isAwake).toBe(false);
      await client.query('COMMIT');
    });
    await woken;
  });

  /** Submits ten lists on a connection whose stripe of the counters is not that of `session`. */
  async function submitBeside(session: Client, schema: string): Promise<void> {
    const stripeOf = async (client: Client): Promise<unknown> =>
      (await client.query<{ stripe: number }>('SELECT pg_backend_pid() % 56 AS stripe')).rows[0]?.stripe;
    await withClient(postgres.url, async (other) => {
      if ((await stripeOf(other)) === (await stripeOf(session))) {
        await submitBeside(session, schema);
        return;
      }
      for (let i = 0; i < 10; i++) {
        await call(other, schema, `ARRAY[${String(100 + i)}], 'LOW', 'default', NULL, 'alice'`);
      }
    });
  }

  it.each(['READ COMMITTED', 'SERIALIZABLE'])(
    'an open %s transaction delays nobody and is not failed by the others',
    async (isolation) => {
      const place = await open({ maxPendingIds: 1000, idempotencyByContent: true });
      const { store } = place;
      await within(async (session) => {
        const late = await call(session, place.schema, `ARRAY[1, 2], 'LOW', 'default', NULL, 'alice'`);
        // More acceptances than there are stripes, on several connections, with the same client and the same limit.
        const groups = Array.from({ length: 40 }, (_, i) => [
          listOf([10 + i], { priority: 'LOW', client: 'alice', pendingLimit: 1000 }),
        ]);
        const answers = await Promise.all(groups.map((group) => store.ingestions.acceptAll(group)));
        expect(answers.flat().every(({ kind }) => kind === 'accepted')).toBe(true);
        await submitBeside(session, place.schema);
        expect((await claimFrom(store, { ...UNLIMITED, batchSize: 40 })).kind).toBe('dispatch');
        await store.dispatches.reclaimExpired(); // tidies the counters
        await session.query('COMMIT');

        expect([await pendingIn(place), await pendingIn(place, 'alice')]).toEqual([12, 12]);
        const record = await store.ingestions.findById(late);
        // It stands behind everything that was accepted before its commit.
        expect((await store.ingestions.positionOf('default', 'LOW', record?.seq ?? 0)).pendingAhead).toBe(10);
      }, isolation);
    },
  );

  it('counts exactly when its commit follows a tidying of the counters', async () => {
    const place = await open();
    const { store } = place;
    await within(async (session) => {
      await call(session, place.schema, 'ARRAY[1, 2]');
      // The bucket of the open list would be among those that are empty, and below the highest number.
      await store.ingestions.acceptAll([listOf([5], { key: 'a' })]);
      await claimFrom(store, UNLIMITED);
      await postgres.run(`SELECT setval('${place.schema}.ingestion_seq', 1000000)`);
      await store.dispatches.reclaimExpired();
      const [{ rows: sums } = {}] = await postgres.run(
        `SELECT count(*) AS rows FROM ${place.schema}.waiting_sum`,
      );
      expect(Number(sums)).toBeLessThan(3);
      await session.query('COMMIT');
    });
    expect(await pendingIn(place)).toBe(2);
  });

  it('does not let a caller without rights on the tables do more than submit', async () => {
    const place = await open();
    const role = `app_${place.schema}`;
    await postgres.run(`CREATE ROLE ${role}`);
    await postgres.run(`GRANT USAGE ON SCHEMA ${place.schema} TO ${role}`);
    await within(async (client) => {
      await client.query(`SET LOCAL ROLE ${role}; SAVEPOINT here`);
      await expect(call(client, place.schema, 'ARRAY[1]')).rejects.toMatchObject({ code: '42501' });
      await client.query('ROLLBACK');
    });
    await postgres.run(`GRANT EXECUTE ON FUNCTION ${place.schema}.ingest TO ${role}`);
    await within(async (client) => {
      await client.query(`SET LOCAL ROLE ${role}; CREATE TEMP TABLE chunk (chunk_key int)`);
      await call(client, place.schema, 'ARRAY[1]');
      await client.query('COMMIT');
    });
    expect(await pendingIn(place)).toBe(1);
    await postgres.run(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
});
