import { describe, expect, it } from '@jest/globals';
import { useApps, type TestApp } from '../support/app.js';
import { ScriptedApi } from '../support/scripted-api.js';
import { usePostgres } from '../support/postgres-stores.js';
import type { UpstreamCall, UpstreamResult } from '../../src/external-api/external-api.js';

const FORMULA = '=a "quoted", long\nmessage';

/** Refuses odd ids with a 503 and even ones for good. */
function refuse({ ids }: UpstreamCall): Promise<UpstreamResult[]> {
  const results = ids.map((id): UpstreamResult =>
    id % 2n === 0n
      ? { id, ok: false, message: FORMULA, permanent: true }
      : { id, ok: false, message: 'the upstream answered 503', permanent: true, upstreamStatus: 503 },
  );
  return Promise.resolve(results);
}

describe.each(['SQLite', 'PostgreSQL'])('Dead letters on %s', (store) => {
  const startApp = useApps(); // must come first: services stop before their schemas are dropped
  const postgres = usePostgres();

  /** Starts a service with a list of ids 1 to 4 and one of 10000000000000000007, all of which have failed. */
  async function startWithFailures(): Promise<TestApp & { readonly labelled: string }> {
    const app = await startApp(
      {
        BATCH_DELAY: '0',
        MAX_ATTEMPTS: '1',
        ...(store === 'PostgreSQL' && {
          DATABASE_URL: postgres.url,
          DATABASE_SCHEMA: postgres.emptySchema(),
        }),
      },
      new ScriptedApi(refuse),
    );
    const ingest = async (text: string): Promise<string> => {
      const answer = await app.request.post('/ingest').set('Content-Type', 'application/json').send(text);
      const { ingestion_id: id } = answer.body as { ingestion_id: string };
      await app.client.waitForStatus(id, 'failed');
      return id;
    };
    const labelled = await ingest('{"ids": [1, 2, 3, 4], "priority": "HIGH", "labels": {"shop": "berlin"}}');
    await ingest('{"ids": [10000000000000000007], "priority": "HIGH"}');
    return { ...app, labelled };
  }

  it('are filtered by error, status, label, lane, list and time', async () => {
    const { request, labelled } = await startWithFailures();
    const idsOf = async (query: string): Promise<number[]> => {
      const { body } = await request.get(`/dead-letters?${query}`).expect(200);
      return (body as { dead_letters: { id: number }[] }).dead_letters.map(({ id }) => id);
    };

    expect(await idsOf('upstream_status=503&label=shop=berlin')).toEqual([3, 1]);
    expect(await idsOf(`message=${encodeURIComponent(FORMULA)}`)).toEqual([4, 2]);
    expect(await idsOf(`lane=default&ingestion_id=${labelled}&limit=3`)).toEqual([4, 3, 2]);
    expect(await idsOf('lane=unknown')).toEqual([]);
    expect(await idsOf('failed_before=2020-01-01T00:00:00Z')).toEqual([]);
    expect(await idsOf('label=shop=berlin&failed_from=2020-01-01T00:00:00Z&kind=rejected')).toHaveLength(4);
    const { body } = await request.get('/dead-letters?upstream_status=503&limit=1').expect(200);
    const next = await request.get(`/dead-letters?upstream_status=503&limit=1&after=${String(body.next)}`);
    expect(body.dead_letters).toMatchObject([{ upstream_status: 503, lane: 'default', client: null }]);
    expect(next.body.dead_letters).toMatchObject([{ id: 3, labels: { shop: 'berlin' } }]);
  });

  it('are counted exactly by error, with lists and times', async () => {
    const { request } = await startWithFailures();
    const { body } = await request.get('/dead-letters/counts').expect(200);

    expect(body).toMatchObject({
      total_ids: 5,
      total_ingestions: 2,
      groups: [
        {
          message: 'the upstream answered 503',
          upstream_status: 503,
          ids: 3,
          ingestions: 2,
          lane: 'default',
        },
        { message: FORMULA, upstream_status: null, ids: 2, ingestions: 1, kind: 'rejected' },
      ],
      kinds: { rejected: 5 },
    });
    expect(Date.parse(body.groups[0].first_failed_at)).toBeLessThanOrEqual(
      Date.parse(body.groups[0].last_failed_at),
    );
    expect(
      (await request.get('/dead-letters/counts?label=shop=berlin&upstream_status=503')).body,
    ).toMatchObject({
      total_ids: 2,
      total_ingestions: 1,
    });
  });

  it('are exported as CSV and as lines of JSON, exact to the last digit', async () => {
    const { request, labelled } = await startWithFailures();
    const csv = await request.get('/dead-letters?label=shop=berlin').set('Accept', 'text/csv').expect(200);
    expect(csv.headers['content-type']).toMatch(/^text\/csv/);
    expect(csv.text.startsWith('id,ingestion_id,batch_id,position,lane,')).toBe(true);
    expect(csv.text).toContain(`4,${labelled},`);
    expect(csv.text).toContain('"{""shop"":""berlin""}"');
    expect(csv.text).toContain(`"'=a ""quoted"", long\nmessage"`);

    const lines = await request
      .get('/dead-letters?limit=1')
      .set('Accept', 'application/x-ndjson')
      .buffer(true)
      .parse((response, done) => {
        let text = '';
        response.on('data', (part: Buffer) => (text += part.toString()));
        response.on('end', () => {
          done(null, text);
        });
      })
      .expect(200);
    const texts = String(lines.body).trim().split('\n');
    expect(texts).toHaveLength(5);
    expect(texts[0]).toContain('"id":10000000000000000007');
  });

  it.each([
    ['/dead-letters?upstream_status=99', 'upstream_status must be an integer from 100 to 599'],
    ['/dead-letters?failed_from=yesterday', 'failed_from must be a time as 2026-11-24T10:00:00Z'],
    ['/dead-letters?label=shop', /^label must be name=value/],
    ['/dead-letters/counts?limit=1', 'limit is not a known parameter'],
  ])('are refused with 400: %s', async (path, detail) => {
    const { request } = await startApp();
    const { body } = await request.get(path).expect(400);
    expect(body.detail).toEqual(detail instanceof RegExp ? expect.stringMatching(detail) : detail);
  });
});
