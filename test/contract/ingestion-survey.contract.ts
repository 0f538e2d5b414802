import { describe, expect, it, jest } from '@jest/globals';
import {
  IngestionListService,
  MAX_SCANNED,
  type IngestionFilter,
} from '../../src/ingestion/listing/ingestion-list.service.js';
import { COMPLETED, failed, HOUR, MINUTE, newIngestion, useGate } from './gate.js';
import { STORES } from './stores.js';

describe.each(STORES)('$name: list of ingestions', (underTest) => {
  const gate = useGate(underTest);

  /** Resolves with the ids of every page until the last. */
  async function pagesOf(filter: IngestionFilter, limit: number): Promise<string[][]> {
    const survey = new IngestionListService(gate.store.ingestions, gate.store.runtime);
    const pages: string[][] = [];
    let after = null;
    do {
      const { ingestions, next } = await survey.list(filter, after, limit);
      pages.push(ingestions.map((head) => head.ingestionId));
      after = next;
    } while (after !== null);
    return pages;
  }

  it('lists none in a new store', async () => {
    expect(await pagesOf({}, 10)).toEqual([[]]);
  });

  it('lists the newest first, page by page, those of one moment too', async () => {
    const group = [newIngestion('HIGH', [1]), newIngestion('LOW', [2]), newIngestion('LOW', [3])];
    await gate.acceptAll(group);
    await gate.store.advance(MINUTE);
    const last = await gate.accept('MEDIUM', [4]);
    const [first, second, third] = group.map(({ ingestionId }) => ingestionId);

    expect(await pagesOf({}, 3)).toEqual([[last, third, second], [first]]);
    expect(await pagesOf({}, 2)).toEqual([[last, third], [second, first], []]);
  });

  it('shows each with its present status', async () => {
    const id = await gate.accept('MEDIUM', [1, 2, 3, 4]);
    await gate.settle(await gate.dispatch(), [COMPLETED, failed(), COMPLETED]);
    const [head] = (
      await new IngestionListService(gate.store.ingestions, gate.store.runtime).list({}, null, 1)
    ).ingestions;

    expect(head).toEqual((await gate.find(id)).ingestion);
  });

  it('keeps pages as they are when more come', async () => {
    const ids = [await gate.accept('HIGH', [1]), await gate.accept('HIGH', [2])];
    const survey = new IngestionListService(gate.store.ingestions, gate.store.runtime);
    const { next } = await survey.list({}, null, 1);
    await gate.accept('HIGH', [3]);

    expect((await survey.list({}, next, 1)).ingestions).toMatchObject([{ ingestionId: ids[0] }]);
  });

  it('filters by status and by priority', async () => {
    const done = await gate.accept('HIGH', [1]);
    await gate.settle(await gate.dispatch(), COMPLETED);
    const dead = await gate.accept('HIGH', [2]);
    await gate.settle(await gate.dispatch(), failed());
    const begun = await gate.accept('MEDIUM', [3, 4, 5, 6]);
    await gate.dispatch();
    const low = await gate.accept('LOW', [7]);

    const by = async (filter: IngestionFilter): Promise<string[]> => (await pagesOf(filter, 10)).flat();
    expect(await by({ status: 'completed' })).toEqual([done]);
    expect(await by({ status: 'failed' })).toEqual([dead]);
    expect(await by({ status: 'triggered' })).toEqual([begun]);
    expect(await by({ status: 'yet_to_start' })).toEqual([low]);
    expect(await by({ priority: 'HIGH' })).toEqual([dead, done]);
    expect(await by({ priority: 'HIGH', status: 'completed' })).toEqual([done]);
    expect(await by({ priority: 'LOW', status: 'completed' })).toEqual([]);
  });

  it('filters by lane', async () => {
    const other = { ...newIngestion('HIGH', [1]), lane: 'crm' };
    await gate.acceptAll([other, newIngestion('HIGH', [2])]);

    expect(await pagesOf({ lane: 'crm' }, 10)).toEqual([[other.ingestionId]]);
    expect(await pagesOf({ lane: 'unknown' }, 10)).toEqual([[]]);
  });

  it('filters by acceptance time, both ends included', async () => {
    const ids: string[] = [];
    const times: number[] = [];
    for (const id of [1, 2, 3]) {
      ids.push(await gate.accept('HIGH', [id]));
      times.push((await gate.find(ids.at(-1) ?? '')).ingestion.createdAtMs);
      await gate.store.advance(HOUR);
    }
    const [first = 0, second = 0, third = 0] = times;

    const by = async (filter: IngestionFilter): Promise<string[]> => (await pagesOf(filter, 1)).flat();
    expect(await by({ createdFromMs: second })).toEqual([ids[2], ids[1]]);
    expect(await by({ createdFromMs: second + 1 })).toEqual([ids[2]]);
    expect(await by({ createdToMs: second })).toEqual([ids[1], ids[0]]);
    expect(await by({ createdToMs: second - 1 })).toEqual([ids[0]]);
    expect(await by({ createdFromMs: second, createdToMs: second })).toEqual([ids[1]]);
    expect(await by({ createdFromMs: third + 1 })).toEqual([]);
    expect(await by({ createdToMs: first - 1 })).toEqual([]);
  });

  it('finds those of a client, however many others there are', async () => {
    const mine = { ...newIngestion('HIGH', [1]), client: 'billing' };
    const others = Array.from({ length: MAX_SCANNED + 1 }, (_, i) => newIngestion('LOW', [i + 1]));
    await gate.acceptAll([mine, ...others, { ...newIngestion('LOW', [2]), client: 'crm' }]);

    expect(await pagesOf({ client: 'billing' }, 10)).toEqual([[mine.ingestionId]]);
    expect((await gate.find(mine.ingestionId)).ingestion.client).toBe('billing');
    expect(await pagesOf({ client: 'nobody' }, 10)).toEqual([[]]);
  });

  it('scans a bounded number at a time where few match', async () => {
    const wanted = await gate.accept('HIGH', [1]);
    const others = Array.from({ length: MAX_SCANNED + 1 }, (_, i) => newIngestion('LOW', [i + 1]));
    await gate.acceptAll(others);

    expect(await pagesOf({ priority: 'HIGH' }, 10)).toEqual([[], [wanted]]);
  });

  it('lets other work go on between the steps of a scan, and needs no turn for a page that is full', async () => {
    await gate.acceptAll(Array.from({ length: 600 }, (_, i) => newIngestion('LOW', [i + 1])));
    const nextTurn = jest.spyOn(gate.store.runtime, 'nextTurn');
    await pagesOf({ priority: 'HIGH' }, 10);
    expect(nextTurn).toHaveBeenCalledTimes(2);

    nextTurn.mockClear();
    await new IngestionListService(gate.store.ingestions, gate.store.runtime).list({}, null, 100);
    expect(nextTurn).not.toHaveBeenCalled();
  });
});
