import { describe, expect, it, jest } from '@jest/globals';
import {
  listOf,
  pendingIn,
  useIngestFunction,
  type IngestPlace,
} from '../../../test/support/ingest-function.js';
import { usePostgres } from '../../../test/support/postgres-stores.js';
import type { NewIngestion } from '../../domain/ingestion.js';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { IngestionListService } from '../../ingestion/listing/ingestion-list.service.js';

jest.setTimeout(60_000);

const AT = '2036-11-24T10:00:00.123Z';
const HOUR_MS = 3_600_000;

describe('ingest_list() on PostgreSQL', () => {
  const postgres = usePostgres();
  const { open } = useIngestFunction(postgres);

  async function submit({ schema }: IngestPlace, ids: string, fields: unknown): Promise<string> {
    const [row] = await postgres.run(`SELECT ingestion_id FROM ${schema}.ingest_list(${ids}, $1::jsonb)`, [
      JSON.stringify(fields),
    ]);
    return String(row?.['ingestion_id']);
  }

  it('takes the fields of a request, and keeps what the request would keep', async () => {
    const place = await open();
    const labels = { shop: 'Käse = "alt"\\ 🧀', 'job.name': ' a ' };
    const bySql = await submit(place, 'ARRAY[1, 2]', {
      lane: 'crm',
      priority: 'LOW',
      client: 'alice',
      labels,
      units: 3,
      not_before: 3600,
      expires_at: AT,
    });
    const overHttp = listOf([1, 2], {
      lane: 'crm',
      priority: 'LOW',
      client: 'alice',
      labels,
      units: 3,
      notBefore: { inMs: HOUR_MS },
      expiresAt: { atMs: Date.parse(AT) },
    });
    await place.store.ingestions.acceptAll([overHttp]);

    const kept = await place.store.ingestions.findMany([bySql, overHttp.ingestionId]);
    const [one, other] = kept.map((record) => ({
      ...record,
      ingestionId: '',
      seq: 0,
      listedSeq: 0,
      dueInMs: (record.notBeforeMs ?? 0) - record.createdAtMs,
      notBeforeMs: 0,
      createdAtMs: 0,
      updatedAtMs: 0,
    }));
    expect(one).toEqual(other);
    expect(one).toMatchObject({
      labels,
      units: 3,
      isScheduled: true,
      dueInMs: HOUR_MS,
      expiresAtMs: Date.parse(AT),
    });
    expect((await place.store.queue.stats('crm')).scheduled).toBe(4);
    const listing = new IngestionListService(place.store.ingestions, new SystemRuntime());
    const { ingestions } = await listing.list({ labels }, null, 10);
    expect(ingestions).toHaveLength(2);
    const [head] = await place.store.dispatches.readHeads([
      { lane: 'crm', maxIds: 3, listsPerClient: null, batchSize: 3, delayMs: 0, leaseMs: 1000, rules: null },
    ]);
    expect(head?.scheduledInMs).toBeGreaterThan(HOUR_MS - 60_000);
    expect(head?.expiresInMs).toBeGreaterThan(HOUR_MS);
  });

  it.each<[string, object, Partial<NewIngestion>]>([
    ['labels', { labels: { b: '1', a: 'ä"\\' } }, { labels: { a: 'ä"\\', b: '1' } }],
    ['units', { units: 7 }, { units: 7 }],
    ['a time', { not_before: AT }, { notBefore: { atMs: Date.parse(AT) } }],
    [
      'seconds from now',
      { not_before: 1.5, expires_at: 60 },
      { notBefore: { inMs: 1500 }, expiresAt: { inMs: 60_000 } },
    ],
    ['no more than the first fields', { units: 1, labels: {} }, {}],
  ])('is a replay of what came over HTTP with %s, and the other way round', async (_, fields, given) => {
    const place = await open({ idempotencyByContent: true });
    const overHttp = listOf([1, 2], given);
    await place.store.ingestions.acceptAll([overHttp]);
    expect(await submit(place, 'ARRAY[1, 2]', fields)).toBe(overHttp.ingestionId);

    const bySql = await submit(place, 'ARRAY[3, 4]', fields);
    expect(await place.store.ingestions.acceptAll([listOf([3, 4], given)])).toEqual([
      { kind: 'replayed', ingestionId: bySql },
    ]);
  });

  it.each([
    ['text', 'SL422', 'fields must be a JSON object'],
    [{ label: {} }, 'SL422', 'label is not a known field'],
    [{ priority: 1 }, 'SL422', 'priority must be a string'],
    [{ labels: ['a'] }, 'SL422', 'labels must be an object whose values are strings'],
    [{ labels: { a: 1 } }, 'SL422', 'labels must be an object whose values are strings'],
    [
      { labels: Object.fromEntries(Array.from('abcdefghi', (name) => [name, '1'])) },
      'SL400',
      'labels must hold at most 8 labels',
    ],
    [{ labels: { '1a': 'x' } }, 'SL400', /^labels must have names/],
    [{ labels: { a: '' } }, 'SL400', /^labels must have names/],
    [{ labels: { a: 'x\u0085' } }, 'SL400', /^labels must have names/],
    [{ labels: { a: '🧀'.repeat(65) } }, 'SL400', /^labels must have names/],
    [{ units: 1.5 }, 'SL422', 'units must be an integer'],
    [{ units: 0 }, 'SL400', 'units must be from 1 to 1000000000'],
    [
      { units: 10, lane: 'crm', priority: 'LOW' },
      'SL400',
      'units must be at most 9: lane crm never lets go more',
    ],
    [{ not_before: true }, 'SL422', 'not_before must be a string or a number'],
    [{ not_before: -1 }, 'SL400', /^not_before must be a time/],
    [{ expires_at: 'tomorrow' }, 'SL400', /^expires_at must be a time/],
    [{ expires_at: '2036-13-24T10:00:00Z' }, 'SL400', /^expires_at must be a time/],
  ])('refuses %j with %s, and queues nothing', async (fields, code, message) => {
    const place = await open({ maxUnits: { crm: [null, null, 9] } });
    await expect(submit(place, 'ARRAY[1]', fields)).rejects.toMatchObject({
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
    expect(await pendingIn(place)).toBe(0);
  });

  it('takes what is just within the rules', async () => {
    const place = await open({ maxUnits: { crm: [null, null, 9] } });
    const labels = { a: '🧀'.repeat(64) };
    const id = await submit(place, 'ARRAY[1]', {
      lane: 'crm',
      priority: 'LOW',
      units: 9,
      labels,
      not_before: 0,
    });
    expect(await place.store.ingestions.findById(id)).toMatchObject({ units: 9, labels, isScheduled: false });
  });
});
