import { describe, expect, it, jest } from '@jest/globals';
import {
  call,
  INTAKE,
  listOf,
  pendingIn,
  useIngestFunction,
  UUID_V7,
} from '../../../test/support/ingest-function.js';
import { usePostgres } from '../../../test/support/postgres-stores.js';
import { MAX_ID } from '../../domain/packed-ids.js';

jest.setTimeout(60_000);

describe('The checks of ingest() on PostgreSQL', () => {
  const postgres = usePostgres();
  const { open, callAlone, within } = useIngestFunction(postgres);

  it.each([
    ['NULL::numeric[]', 'SL422', 'ids must not be NULL'],
    [`'{}'`, 'SL400', 'ids must hold at least one id'],
    ['ARRAY[1, NULL]', 'SL422', `ids[2] must be an integer from 1 to ${String(MAX_ID)}`],
    ['ARRAY[1.5]', 'SL422', `ids[1] must be an integer from 1 to ${String(MAX_ID)}`],
    [`'{NaN}'`, 'SL400', `ids[1] must be an integer from 1 to ${String(MAX_ID)}`],
    ['ARRAY[3, 0]', 'SL400', `ids[2] must be an integer from 1 to ${String(MAX_ID)}`],
    ['ARRAY[-1]', 'SL400', `ids[1] must be an integer from 1 to ${String(MAX_ID)}`],
    [`'{${String(MAX_ID + 1n)}}'`, 'SL400', `ids[1] must be an integer from 1 to ${String(MAX_ID)}`],
    ['array_fill(1::numeric, ARRAY[1201])', 'SL413', 'ids holds 1201 ids, at most 1200 are allowed'],
    ['ARRAY[1], NULL', 'SL422', 'priority must not be NULL'],
    [`ARRAY[1], 'URGENT'`, 'SL400', 'priority must be one of HIGH, MEDIUM, LOW'],
    [`ARRAY[1], 'LOW', NULL`, 'SL422', 'lane must not be NULL'],
    [`ARRAY[1], 'LOW', 'nowhere'`, 'SL400', 'lane is not a known lane'],
    [`ARRAY[1], 'LOW', 'crm', ''`, 'SL400', 'idempotency_key must be 1 to 255 printable ASCII characters'],
    [
      `ARRAY[1], 'LOW', 'crm', repeat('k', 256)`,
      'SL400',
      'idempotency_key must be 1 to 255 printable ASCII characters',
    ],
    [`ARRAY[1], 'LOW', 'crm', 'é'`, 'SL400', 'idempotency_key must be 1 to 255 printable ASCII characters'],
    [
      `ARRAY[1], 'LOW', 'crm', E'k\\n'`,
      'SL400',
      'idempotency_key must be 1 to 255 printable ASCII characters',
    ],
    [`ARRAY[1], 'LOW', 'crm', NULL, ''`, 'SL400', 'client must not be empty or contain a line feed'],
  ])('refuses ingest(%s) with %s, and queues nothing', async (given, code, message) => {
    const place = await open();
    await expect(callAlone(place, given)).rejects.toMatchObject({ code, message });
    expect(await pendingIn(place)).toBe(0);
  });

  it('takes a key of 255 characters', async () => {
    const place = await open();
    expect(await callAlone(place, `ARRAY[1], 'LOW', 'crm', repeat('~', 255)`)).toMatch(UUID_V7);
  });

  it.each([null, 'alice'])('lets no more ids of %s wait than the limit', async (client) => {
    const place = await open({ maxPendingIds: 5 });
    const own = client === null ? 'NULL' : `'${client}'`;
    const sql = (ids: string): string => `ARRAY[${ids}], 'LOW', 'default', NULL, ${own}`;
    await place.store.ingestions.acceptAll([listOf([1, 2], { client, pendingLimit: 5 })]);

    await expect(callAlone(place, sql('1, 2, 3, 4, 5, 6'))).rejects.toMatchObject({
      code: 'SL413',
      message: 'the list holds 6 ids, and no more than 5 of a client may wait',
    });
    await within(async (session) => {
      await call(session, place.schema, sql('1, 2'));
      await expect(call(session, place.schema, sql('3, 4'))).rejects.toMatchObject({
        code: 'SL429',
        message: '4 ids of this client wait, at most 5 may: there is no room for 2 more',
      });
      await session.query('ROLLBACK; BEGIN');
      await call(session, place.schema, sql('1, 2'));
      // Accepted while the transaction is open; its commit finds no room any more.
      const [answer] = await place.store.ingestions.acceptAll([
        listOf([5, 6, 7], { client, pendingLimit: 5 }),
      ]);
      expect(answer?.kind).toBe('accepted');
      await expect(session.query('COMMIT')).rejects.toMatchObject({ code: 'SL429' });
    });
    expect(await pendingIn(place, client)).toBe(5);
  });

  it('refuses every list until a service has written its settings, then follows the last one', async () => {
    const schema = postgres.emptySchema();
    const place = { schema, store: await postgres.open({ schema }) };
    await expect(callAlone(place, 'ARRAY[1]')).rejects.toMatchObject({ code: 'SL503' });
    await postgres.open({ schema, intake: INTAKE });
    await callAlone(place, 'ARRAY[1, 2]');
    await postgres.open({ schema, intake: { ...INTAKE, maxIdsPerRequest: 1 } });
    await expect(callAlone(place, 'ARRAY[1, 2]')).rejects.toMatchObject({ code: 'SL413' });
  });
});
