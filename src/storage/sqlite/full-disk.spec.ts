import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { DEFAULT_LANE } from '../../domain/lane.js';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { connectionOf, dump } from '../../../test/support/sqlite-connections.js';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import { packIds } from '../../domain/packed-ids.js';
import type { NewIngestion } from '../../domain/ingestion.js';
import { StoreUnavailableError } from '../../domain/store-errors.js';
import { DATABASE_FILE } from './database/open-connection.js';
import { SqliteStore } from './store.js';
import { claimFrom, settleOne } from '../../../test/support/claims.js';

const TERMS = { lane: DEFAULT_LANE, batchSize: 1000, delayMs: 0, leaseMs: 60_000, agingMs: null };
const PLENTY = 1_000_000;

function newIngestion(size: number): NewIngestion {
  return {
    ingestionId: uuidV7(),
    lane: DEFAULT_LANE,
    priority: 'HIGH',
    client: null,
    packedIds: packIds(Array.from({ length: size }, (_, i) => i + 1)),
  };
}

describe('The embedded store on a full disk', () => {
  const newFolder = useTempFolders();
  let folder: string;
  let store: SqliteStore;
  let connection: DatabaseSync;

  beforeEach(() => {
    folder = newFolder();
    connection = connectionOf(() => {
      store = SqliteStore.open(folder, new ManualClock());
    });
  });
  afterEach(() => store.close());

  /** Limits the file to this many more pages. */
  function leaveRoom(pages: number): void {
    const used = Number(connection.prepare('PRAGMA page_count').get()?.['page_count']);
    connection.exec(`PRAGMA max_page_count = ${String(used + pages)}`);
  }

  it('refuses a group and keeps nothing of it', async () => {
    const [before, fits, tooLarge] = [dump(connection), newIngestion(1), newIngestion(10_000)];
    leaveRoom(4);

    await expect(store.ingestions.acceptAll([fits, tooLarge])).rejects.toThrow(StoreUnavailableError);

    expect(dump(connection)).toEqual(before);
    expect(await store.ingestions.findById(fits.ingestionId)).toBeNull();
  });

  it('goes on with what it holds, and with what still fits', async () => {
    const [held, small] = [newIngestion(1), newIngestion(1)];
    await store.ingestions.acceptAll([held]);
    leaveRoom(2);
    await expect(store.ingestions.acceptAll([newIngestion(10_000)])).rejects.toThrow(StoreUnavailableError);

    await store.ingestions.acceptAll([small]);
    const claim = await claimFrom(store, TERMS);
    expect(claim.kind === 'dispatch' && claim.dispatch.parts.map(({ ingestionId }) => ingestionId)).toEqual([
      held.ingestionId,
      small.ingestionId,
    ]);
  });

  it('says so when it is asked, until there is room again, then accepts as before', async () => {
    const ingestion = newIngestion(10_000);
    leaveRoom(0);
    await expect(store.ingestions.acceptAll([ingestion])).rejects.toThrow(
      'the embedded store failed: database or disk is full',
    );

    connection.exec('PRAGMA query_only = ON');
    await expect(store.maintenance.ping()).rejects.toThrow(StoreUnavailableError);
    connection.exec(`PRAGMA query_only = OFF; PRAGMA max_page_count = ${String(PLENTY)}`);
    await expect(store.maintenance.ping()).resolves.toBeUndefined();
    await store.ingestions.acceptAll([ingestion]);
    expect(await store.ingestions.findById(ingestion.ingestionId)).toMatchObject({ total: 10_000 });
  });

  it('says so while a small write passes and a larger one does not', async () => {
    leaveRoom(1);
    await expect(store.ingestions.acceptAll([newIngestion(10_000)])).rejects.toThrow(StoreUnavailableError);
    await store.ingestions.acceptAll([newIngestion(1)]);
    symlinkSync('/dev/full', `${join(folder, DATABASE_FILE)}-room`);

    await expect(store.maintenance.ping()).rejects.toThrow(/^the embedded store has no room: .*ENOSPC/);
    await expect(store.maintenance.ping()).resolves.toBeUndefined();
    expect(readdirSync(folder)).not.toContain(`${DATABASE_FILE}-room`);
  });

  it('claims and settles nothing by halves', async () => {
    await store.ingestions.acceptAll(Array.from({ length: 1000 }, () => newIngestion(1)));
    leaveRoom(1);
    const waiting = dump(connection);
    await expect(claimFrom(store, TERMS)).rejects.toThrow(StoreUnavailableError);
    expect(dump(connection)).toEqual(waiting);

    connection.exec(`PRAGMA max_page_count = ${String(PLENTY)}`);
    const claim = await claimFrom(store, TERMS);
    if (claim.kind !== 'dispatch') {
      throw new Error(`no dispatch, but ${claim.kind}`);
    }
    const { dispatch } = claim;
    expect(dispatch.parts).toHaveLength(1000);
    leaveRoom(1);
    const inFlight = dump(connection);
    const outcomes = Array.from({ length: 1000 }, () => ({
      kind: 'failed' as const,
      error: { kind: 'rejected' as const, message: 'x'.repeat(500) },
    }));
    await expect(settleOne(store, dispatch, outcomes)).rejects.toThrow(StoreUnavailableError);
    expect(dump(connection)).toEqual(inFlight);

    connection.exec(`PRAGMA max_page_count = ${String(PLENTY)}`);
    expect(await settleOne(store, dispatch, outcomes)).toBe(true);
    expect((await store.deadLetters.scan({}, null, 2000)).found).toHaveLength(1000);
  });
});
