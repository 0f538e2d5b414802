import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import { makeFolder } from '../support/make-folder.js';
import { ManualClock } from '../support/manual-clock.js';
import { withClient } from '../support/postgres-stores.js';
import { COMPLETED, Gate, HOUR, idsOf, MINUTE, newIngestion } from './gate.js';
import { newSchema, openSchema, shiftTime } from './postgres.js';
import { openIn } from './sqlite.js';
import { STORES, type OpenStore } from './stores.js';
import { listDeadLetters } from '../support/list-dead-letters.js';

const FIXTURES = 'test/contract/fixtures';
/** The time at which the service that wrote the file was stopped. */
const POSTGRES_STOPPED_AT_MS = Date.parse('2026-11-26T17:40:00.000Z');
const STREAMED = Array.from({ length: 1200 }, (_, i) => BigInt(1000 + i));

function readFixture(file: string): Buffer {
  return gunzipSync(readFileSync(join(FIXTURES, file)));
}

async function openReleasedSqlite(): Promise<OpenStore> {
  const folder = makeFolder();
  writeFileSync(join(folder, 'sluice.sqlite'), readFixture('schema-19.sqlite.gz'));
  return openIn(folder, new ManualClock());
}

async function openReleasedPostgres(): Promise<OpenStore> {
  const place = newSchema();
  const sql = readFixture('schema-20.postgresql.sql.gz').toString();
  const ofSchema = sql.replaceAll(/\bsluice\b/g, place.schema);
  await withClient(place.url, (client) => client.query(ofSchema));
  await shiftTime(place, POSTGRES_STOPPED_AT_MS - Date.now()); // otherwise its retries would be due
  return openSchema(place);
}

describe.each(
  STORES.map(({ name }) => [name, name === 'SQLite' ? openReleasedSqlite : openReleasedPostgres] as const),
)('The store that a release left, on %s,', (name, open) => {
  const gate = new Gate({ name, open });
  afterEach(() => gate.close());

  it('is opened with all that it holds, and goes on in its order', async () => {
    await gate.open();
    const { queue, deadLetters } = gate.store;
    expect(await queue.stats(DEFAULT_LANE)).toMatchObject({
      pending: { HIGH: 2, MEDIUM: 0, LOW: 1205 },
      pendingRetries: 2,
      pausedAtMs: expect.any(Number),
    });
    expect(await listDeadLetters({ deadLetters }, {}, null, 10)).toHaveLength(3);
    await gate.store.advance(MINUTE); // the delay since the last slot applies across the restart
    expect((await gate.claim()).kind).toBe('paused');

    await queue.resume(DEFAULT_LANE);
    const sent: bigint[] = [];
    for (let claim = await gate.claim({ batchSize: 100 }); claim.kind === 'dispatch';) {
      sent.push(...idsOf(claim.dispatch));
      await gate.settle(claim.dispatch, COMPLETED);
      claim = await gate.claim({ batchSize: 100 });
    }
    expect(sent).toEqual([51n, 52n, 41n, 42n, 43n, 44n, 45n, ...STREAMED]);

    await gate.store.advance(2 * HOUR);
    expect((await gate.drain()).flat()).toHaveLength(2);
    await gate.acceptAll([newIngestion('LOW', [61])]);
    expect((await gate.drain()).flat()).toEqual([61n]);
  });
});
