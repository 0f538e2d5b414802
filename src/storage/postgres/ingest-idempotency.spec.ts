import { describe, expect, it, jest } from '@jest/globals';
import type { Client } from 'pg';
import { call, listOf, pendingIn, useIngestFunction } from '../../../test/support/ingest-function.js';
import { usePostgres } from '../../../test/support/postgres-stores.js';
import { waitFor } from '../../../test/support/wait-for.js';
import type { NewIngestion } from '../../domain/ingestion.js';
import type { Id } from '../../domain/packed-ids.js';

jest.setTimeout(60_000);

describe('The idempotency of ingest() on PostgreSQL', () => {
  const postgres = usePostgres();
  const { open, callAlone, within } = useIngestFunction(postgres);

  /** Waits until another session waits for a lock of this one. */
  async function untilBlocking(client: Client): Promise<void> {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await waitFor(
      'a session to wait for a lock',
      () =>
        postgres.run('SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))', [rows[0]?.pid]),
      (waiting) => waiting.length > 0,
    );
  }

  it.each([
    ['a key', `'k'`, 'k', null],
    ['its content', 'NULL', undefined, null],
    ['a key of a client', `'k'`, 'k', 'alice'],
    ['its content for a client', 'NULL', undefined, 'alice'],
  ])(
    'is a replay of what came over HTTP with %s, and the other way round',
    async (_, sqlKey, key, client) => {
      const place = await open({ idempotencyByContent: true });
      const sql = (ids: string): string =>
        `ARRAY[${ids}], 'LOW', 'crm', ${sqlKey}, ${client === null ? 'NULL' : `'${client}'`}`;
      const http = (...ids: Id[]): NewIngestion =>
        listOf(ids, { lane: 'crm', priority: 'LOW', client, ...(key !== undefined && { key }) });

      const overHttp = http(1, 2);
      await place.store.ingestions.acceptAll([overHttp]);
      expect(await callAlone(place, sql('1, 2'))).toBe(overHttp.ingestionId);
      await postgres.run(`DELETE FROM ${place.schema}.idempotency`);

      const bySql = await callAlone(place, sql('3, 4'));
      expect(await callAlone(place, sql('3, 4'))).toBe(bySql);
      expect(await place.store.ingestions.acceptAll([http(3, 4)])).toEqual([
        { kind: 'replayed', ingestionId: bySql },
      ]);
      expect(await pendingIn(place)).toBe(4);
    },
  );

  it('refuses a key that was used with another list, and forgets it after its window', async () => {
    const place = await open({ idempotencyWindowMs: 1 });
    const first = await callAlone(place, `ARRAY[1], 'LOW', 'default', 'k'`);
    await postgres.run('SELECT pg_sleep(0.01)');
    expect(await callAlone(place, `ARRAY[2], 'LOW', 'default', 'k'`)).not.toBe(first);
    await postgres.run(`UPDATE ${place.schema}.idempotency SET expires_time = expires_time + 60000`);
    await expect(callAlone(place, `ARRAY[3], 'LOW', 'default', 'k'`)).rejects.toMatchObject({
      code: 'SL422',
      message: 'this idempotency_key was used with another list',
    });
    expect(await pendingIn(place)).toBe(2);
  });

  it('gives two sessions with the same key at once the same list', async () => {
    const place = await open();
    await within(async (client) => {
      const first = await call(client, place.schema, `ARRAY[1], 'LOW', 'default', 'k'`);
      expect(await call(client, place.schema, `ARRAY[1], 'LOW', 'default', 'k'`)).toBe(first);
      const second = callAlone(place, `ARRAY[1], 'LOW', 'default', 'k'`);
      await untilBlocking(client);
      await client.query('COMMIT');
      expect(await second).toBe(first);
    });
    expect(await pendingIn(place)).toBe(1);
  });

  it('makes the transaction repeat if a request used its key meanwhile, and does not delay the request', async () => {
    const place = await open();
    await within(async (client) => {
      await call(client, place.schema, `ARRAY[1], 'MEDIUM', 'default', 'k'`);
      const [answer] = await place.store.ingestions.acceptAll([listOf([1], { key: 'k' })]);
      expect(answer?.kind).toBe('accepted');
      await expect(client.query('COMMIT')).rejects.toMatchObject({ code: '40001' });
      expect(await call(client, place.schema, `ARRAY[1], 'MEDIUM', 'default', 'k'`)).toBe(
        answer?.kind === 'accepted' && answer.ingestionId,
      );
    });
    expect(await pendingIn(place)).toBe(1);
  });
});
