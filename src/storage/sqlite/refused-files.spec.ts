import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import { StoreOpenError } from '../../domain/store-errors.js';
import { DATABASE_FILE } from './database/open-connection.js';
import { SqliteStore } from './store.js';

const NOBODY = 65534;

describe('The embedded store refuses', () => {
  const newFolder = useTempFolders();

  function refusalOf(folder: string): string {
    try {
      void SqliteStore.open(folder, new ManualClock()).close();
    } catch (error) {
      expect(error).toBeInstanceOf(StoreOpenError);
      return (error as Error).message;
    }
    throw new Error('the store was opened');
  }

  /** Expects two refusals with the same single line, and every byte of the file and its companions unchanged. */
  function expectRefusedUntouched(folder: string, line: string): void {
    const before = contentsOf(folder);
    expect(refusalOf(folder)).toBe(line);
    expect(refusalOf(folder)).toBe(line);
    expect(line).not.toContain('\n');
    for (const [file, content] of before) {
      expect(readFileSync(join(folder, file)).equals(content)).toBe(true);
    }
  }

  /** Reads all files except `-shm`: it holds no data, and every reader recreates it. */
  function contentsOf(folder: string): [string, Buffer][] {
    return readdirSync(folder)
      .filter((file) => !file.endsWith('-shm'))
      .map((file) => [file, readFileSync(join(folder, file))]);
  }

  /** Creates the files that a killed program leaves: the database and its log with uncheckpointed data. */
  function makeKilled(prepare: (database: DatabaseSync) => void): string {
    const [origin, folder] = [newFolder(), newFolder()];
    const database = new DatabaseSync(join(origin, DATABASE_FILE));
    prepare(database);
    cpSync(origin, folder, { recursive: true });
    database.close();
    return folder;
  }

  async function makeStore(): Promise<string> {
    const folder = newFolder();
    await SqliteStore.open(folder, new ManualClock()).close();
    return folder;
  }

  it.each([
    ['text', Buffer.from('this is not a database, but a page of text\n'.repeat(200))],
    ['random bytes', randomBytes(20_000)],
    [
      'a header and nothing sound behind it',
      Buffer.concat([Buffer.from('SQLite format 3\0'), randomBytes(8192)]),
    ],
  ])('a file of %s', (_, content) => {
    const folder = newFolder();
    const path = join(folder, DATABASE_FILE);
    writeFileSync(path, content);

    expectRefusedUntouched(folder, `${path} is not a readable database: file is not a database`);
  });

  it('a file of a few bytes, which SQLite would write over', () => {
    const folder = newFolder();
    const path = join(folder, DATABASE_FILE);
    writeFileSync(path, 'notes');

    expectRefusedUntouched(folder, `${path} is not a readable database: it has only 5 bytes`);
  });

  it("another program's database", () => {
    const folder = newFolder();
    const path = join(folder, DATABASE_FILE);
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE customer (name TEXT)');
    other.close();

    expectRefusedUntouched(folder, `${path} is another program's database`);
  });

  it("another program's database that was killed while it wrote", () => {
    const folder = makeKilled((other) => {
      other.exec('PRAGMA journal_mode = WAL; PRAGMA user_version = 1; CREATE TABLE customer (name TEXT)');
    });

    expectRefusedUntouched(folder, `${join(folder, DATABASE_FILE)} is another program's database`);
  });

  it('a schema newer than it knows, and says both versions', async () => {
    const folder = await makeStore();
    const newer = new DatabaseSync(join(folder, DATABASE_FILE));
    newer.exec('PRAGMA user_version = 9999; PRAGMA journal_mode = DELETE');
    newer.close();

    const line = refusalOf(folder);
    expect(line).toMatch(
      /^the store has schema version 9999, this program knows up to \d+: run a newer release$/,
    );
    expectRefusedUntouched(folder, line);
  });

  it('a newer schema that a killed program left behind', () => {
    const folder = makeKilled((newer) => {
      newer.exec(`
        PRAGMA journal_mode = WAL; PRAGMA application_id = 0x534c5549; PRAGMA user_version = 9999;
        CREATE TABLE gate (gate_no INTEGER)
      `);
    });

    const before = contentsOf(folder);
    expect(refusalOf(folder)).toContain('schema version 9999');
    expect(contentsOf(folder)).toEqual(expect.arrayContaining(before));
  });

  it('a file, or a link to nowhere, in place of its folder or of one above it', () => {
    const folder = newFolder();
    const [file, link] = [join(folder, 'file'), join(folder, 'link')];
    writeFileSync(file, '');
    symlinkSync(join(folder, 'nowhere'), link);

    for (const found of [file, link]) {
      for (const dataDir of [found, join(found, 'data')]) {
        expect(refusalOf(dataDir)).toBe(
          `cannot open the store at ${dataDir}/sluice.sqlite: ${found} is neither a folder nor a link to one`,
        );
      }
    }
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  it('a folder whose name is too long', () => {
    expect(refusalOf(join(newFolder(), 'a'.repeat(300)))).toMatch(
      /^cannot open the store at .*\/a+\/sluice.sqlite: ENAMETOOLONG/,
    );
  });

  it('a folder where its file should be', () => {
    const folder = newFolder();
    mkdirSync(join(folder, DATABASE_FILE));

    expect(refusalOf(folder)).toMatch(/^cannot open the store at .*\/sluice.sqlite: /);
  });

  it('a disk that is full, in these words', () => {
    const folder = newFolder();
    mkdirSync(join(folder, DATABASE_FILE)); // fails to open, as SQLite does on a full disk
    symlinkSync('/dev/full', join(folder, `${DATABASE_FILE}-room`));

    expect(refusalOf(folder)).toMatch(
      /^cannot open the store at .*\/sluice.sqlite: ENOSPC: no space left on device/,
    );
  });

  it('a folder that may not be written to', () => {
    const folder = newFolder();
    chmodSync(folder, 0o555);

    const line = withoutPrivileges(() => refusalOf(folder));
    chmodSync(folder, 0o755);

    expect(line).toMatch(/^cannot open the store at .*\/sluice.sqlite: /);
    expect(existsSync(join(folder, DATABASE_FILE))).toBe(false);
  });

  it('a file that may not be written to', async () => {
    const folder = await makeStore();
    chmodSync(folder, 0o777);
    chmodSync(join(folder, DATABASE_FILE), 0o444);

    expect(withoutPrivileges(() => refusalOf(folder))).toMatch(
      /^cannot open the store at .*\/sluice.sqlite: /,
    );
  });
});

/** Drops privileges for the duration of `work`: root may write anywhere. */
function withoutPrivileges<T>(work: () => T): T {
  if (process.geteuid?.() !== 0 || process.seteuid === undefined) {
    return work();
  }
  process.seteuid(NOBODY);
  try {
    return work();
  } finally {
    process.seteuid(0);
  }
}
