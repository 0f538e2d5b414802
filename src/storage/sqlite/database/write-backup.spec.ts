import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from '@jest/globals';
import { useTempFolders } from '../../../../test/support/temp-folder.js';
import { writeBackup } from './write-backup.js';

const newFolder = useTempFolders();

it('A backup that begins while a transaction is open waits for its end', async () => {
  const folder = newFolder();
  const connection = new DatabaseSync(join(folder, 'store.sqlite'));
  connection.exec(
    'PRAGMA journal_mode = WAL; CREATE TABLE store_clock (is_open); INSERT INTO store_clock VALUES (1)',
  );
  connection.exec('BEGIN IMMEDIATE; CREATE TABLE entry (name); INSERT INTO entry VALUES (1)');
  const sleeps: number[] = [];
  const sleep = (delayMs: number): Promise<void> => {
    sleeps.push(delayMs);
    connection.exec('COMMIT');
    return Promise.resolve();
  };
  await writeBackup(connection, join(folder, 'copy.sqlite'), { sleep });
  connection.close();
  const copy = new DatabaseSync(join(folder, 'copy.sqlite'));

  expect(sleeps).toEqual([5]);
  expect(copy.prepare('SELECT name, is_open FROM entry, store_clock').all()).toEqual([
    { name: 1, is_open: 0 },
  ]);
  copy.close();
});
