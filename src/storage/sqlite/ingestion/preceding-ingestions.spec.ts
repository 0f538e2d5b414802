import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseSync } from 'node:sqlite';
import { SqliteFaults } from '../../../../test/support/sqlite-connections.js';
import { useTempFolders } from '../../../../test/support/temp-folder.js';
import { ManualClock } from '../../../../test/support/manual-clock.js';
import { highList } from '../../../../test/support/lists.js';
import { migrate } from '../database/migrate.js';
import { SqliteStore } from '../store.js';
import { SELECT_PRECEDING } from './preceding-ingestions.js';

describe('Ingestions found by time in SQLite', () => {
  let connection: DatabaseSync;

  beforeEach(() => {
    connection = new DatabaseSync(':memory:');
    migrate(connection);
  });
  afterEach(() => {
    connection.close();
  });

  it.each([
    ['all', 'SEARCH ingestion USING INDEX ingestion_created (created_at>? AND created_at<?)'],
    [
      'ofClient',
      'SEARCH ingestion USING INDEX ingestion_of_client (client=? AND created_at>? AND created_at<?)',
    ],
    ['withLabel', 'SEARCH label USING PRIMARY KEY (label=? AND created_at>? AND created_at<?)'],
    [
      'ofClientWithLabel',
      'SEARCH label USING COVERING INDEX label_of_client (client=? AND label=? AND created_at>? AND created_at<?)',
    ],
  ] as const)(
    'are read from an index in order; only those of the same time are sorted: %s',
    (name, search) => {
      const plan = connection.prepare(`EXPLAIN QUERY PLAN ${SELECT_PRECEDING[name]}`).all();
      const details = plan.map((row) => String(row['detail'])).join('\n');

      expect(details).toContain(search);
      expect(details.replace('USE TEMP B-TREE FOR LAST TERM OF ORDER BY', '')).not.toMatch(
        /TEMP B-TREE|SCAN/,
      );
    },
  );
});

describe('Labels in SQLite', () => {
  const newFolder = useTempFolders();

  it('cost a list without any no statement and no row', async () => {
    const folder = newFolder();
    const store = SqliteStore.open(folder, new ManualClock());
    const callsFor = (labels: Record<string, string>): Promise<number> =>
      SqliteFaults.count(async () => {
        await store.ingestions.acceptAll([{ ...highList([1]), labels }]);
      });
    await callsFor({});
    const plain = await callsFor({});

    expect(await callsFor({ shop: 'a', job: 'b' })).toBe(plain + 2);
    expect(await callsFor({})).toBe(plain);
    await store.close();
  });
});
