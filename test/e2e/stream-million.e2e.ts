import { describe, expect, it, jest } from '@jest/globals';
import { useApps } from '../support/app.js';
import { usePostgres } from '../support/postgres-stores.js';

jest.setTimeout(120_000);

const FIRST = 10_000_000_000n;

// Both stores keep ids in the same chunks, and PostgreSQL takes twice the time of the test.
describe.each([
  ['SQLite', 1_000_000],
  ['PostgreSQL', 200_000],
])('On %s a list of %d ids', (store, count) => {
  const start = useApps(); // must come first: services stop before their schemas are dropped
  const postgres = usePostgres();

  it('is streamed in, sent id by id once and in its order, and shown so', async () => {
    const { request, api } = await start({
      BATCH_SIZE: '10000',
      BATCH_DELAY: '0',
      ...(store === 'PostgreSQL' && { DATABASE_URL: postgres.url, DATABASE_SCHEMA: postgres.emptySchema() }),
    });
    const list = Array.from({ length: count }, (_, i) => String(FIRST + BigInt(i) * 7n)).join('\n');
    const { body } = await request
      .post('/ingest/stream?priority=LOW')
      .type('text/plain')
      .send(list)
      .expect(200);
    expect(body.total).toBe(count);

    const path = `/status/${String(body.ingestion_id)}`;
    for (let status = ''; status !== 'completed';) {
      const { text } = await request.get(`${path}?batches=none&wait=20`);
      ({ status } = JSON.parse(text) as { status: string });
    }
    const sent = api.calls.flatMap(({ ids }) => ids);
    expect(sent).toHaveLength(count);
    expect(sent.findIndex((id, i) => id !== FIRST + BigInt(i) * 7n)).toBe(-1);
    const { text } = await request.get(path).buffer(true);
    const shown = [...text.matchAll(/"ids":\[([\d,]*)\]/g)].map(([, ids]) => ids).join();
    expect(shown.replaceAll(',', '\n') === list).toBe(true);
  });
});
