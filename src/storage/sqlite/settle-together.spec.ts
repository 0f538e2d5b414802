import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { queueOf, UNLIMITED } from '../../../test/support/claims.js';
import { highList, idRange } from '../../../test/support/lists.js';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import type { Dispatch, Outcome } from '../../domain/dispatch.js';
import { DATABASE_FILE } from './database/open-connection.js';
import { SqliteStore } from './store.js';

const COMPLETED: Outcome = { kind: 'completed', dataJson: '"ok"' };
const FAILED: Outcome = { kind: 'failed', error: { kind: 'rejected', message: 'no such id' } };

describe('Dispatches that end together on the embedded store', () => {
  let store: SqliteStore;
  let folder: string;
  let dispatches: readonly Dispatch[];
  const newFolder = useTempFolders();
  const list = highList(idRange(1, 45));

  beforeEach(async () => {
    folder = newFolder();
    const clock = new ManualClock();
    store = SqliteStore.open(folder, clock);
    await store.ingestions.acceptAll([list]);
    const claim = await queueOf(store.dispatches, clock).claimMany({
      ...UNLIMITED,
      batchSize: 1,
      maxDispatches: 45,
    });
    dispatches = claim.kind === 'claimed' ? claim.dispatches : [];
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await store.close();
  });

  async function rows(sql: string): Promise<unknown[]> {
    await store.close();
    const file = new DatabaseSync(join(folder, DATABASE_FILE));
    try {
      return file.prepare(sql).all();
    } finally {
      file.close();
    }
  }

  function settleAll(outcome: (place: number) => Outcome): Promise<readonly boolean[]> {
    return store.dispatches.settle(dispatches.map((dispatch, i) => ({ dispatch, outcomes: [outcome(i)] })));
  }

  it('have consecutive numbers, however many are claimed at once', () => {
    const [first] = dispatches;
    expect(dispatches.map(({ dispatchNo }) => dispatchNo - (first?.dispatchNo ?? 0))).toEqual([
      ...dispatches.keys(),
    ]);
    expect(dispatches.map(({ parts }) => parts.map((part) => part.first))).toEqual(
      [...dispatches.keys()].map((place) => [place]),
    );
  });

  it('store the results of neighbouring ids in one row', async () => {
    expect(await settleAll(() => COMPLETED)).toEqual(dispatches.map(() => true));

    expect(await rows('SELECT first, size FROM result')).toEqual([{ first: 0, size: 45 }]);
  });

  it('have an outcome each, where an id between others fails', async () => {
    await settleAll((place) => (place === 20 ? FAILED : COMPLETED));

    expect(await store.ingestions.findById(list.ingestionId)).toMatchObject({ completed: 44, failed: 1 });
    expect(await rows('SELECT first, size FROM result ORDER BY first')).toEqual([
      { first: 0, size: 20 },
      { first: 21, size: 24 },
    ]);
  });

  it('count in their own batches and dispatches', async () => {
    await settleAll((place) => (place % 3 === 1 ? FAILED : COMPLETED));

    const counted = `SELECT count(*) AS wrong FROM dispatch JOIN dispatch_part USING (dispatch_no)
      JOIN batch USING (seq, batch_no) WHERE batch.completed <> dispatch.completed
      OR batch.failed <> dispatch.failed OR batch.failed <> (batch.first % 3 = 1) OR ended_at IS NULL`;
    expect(await rows(counted)).toEqual([{ wrong: 0 }]);
  });

  it('are recorded one by one where one of them is held under another id', async () => {
    const stranger = dispatches[7];
    const settlements = dispatches.map((dispatch) => ({
      dispatch: dispatch === stranger ? { ...dispatch, dispatchId: crypto.randomUUID() } : dispatch,
      outcomes: [COMPLETED],
    }));

    const recorded = await store.dispatches.settle(settlements);
    expect(recorded).toEqual(dispatches.map((dispatch) => dispatch !== stranger));
    expect(await store.ingestions.findById(list.ingestionId)).toMatchObject({ completed: 44, failed: 0 });
  });
});
