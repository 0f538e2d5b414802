import { describe, expect, it } from '@jest/globals';
import { packIds, type Id } from '../../src/domain/packed-ids.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';
import { IdSearchService, type IdSearchCursor } from '../../src/ingestion/listing/id-search.service.js';
import type { ResultRepository } from '../../src/ingestion/results/result.repository.js';
import { idRange } from '../support/lists.js';
import { COMPLETED, MINUTE, newIngestion, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';

describe.each(STORES)('$name: search for an id', (underTest) => {
  const gate = useGate(underTest);

  /** Resolves with the found places of every page until the last, and the number of ids that were read. */
  async function search(
    id: Id,
    limit = 20,
    results: Pick<ResultRepository, 'findPositions'> = gate.store.results,
  ): Promise<{ found: [string, number][]; read: number }> {
    const service = new IdSearchService(
      gate.store.ingestions,
      results as ResultRepository,
      new SystemRuntime(),
    );
    const found: [string, number][] = [];
    let read = 0;
    let after: IdSearchCursor | null = null;
    do {
      const page = await service.search(packIds([id]), after, limit, null);
      expect(page.found.length).toBeLessThanOrEqual(limit);
      found.push(
        ...page.found.map(({ ingestion, position }) => [ingestion.ingestionId, position] as [string, number]),
      );
      read += page.searchedIds;
      after = page.next;
    } while (after !== null);
    return { found, read };
  }

  it('finds every list that has it, the newest first, at every position', async () => {
    const old = await gate.accept('LOW', [5, 10000000000000000007n, 5]);
    await gate.accept('HIGH', [1, 2, 3]);
    const long = await gate.accept('MEDIUM', [...idRange(1000, 1000), 5, ...idRange(3000, 10)]);
    await gate.settle(await gate.dispatch(), COMPLETED);
    const all = [
      [long, 1000],
      [old, 0],
      [old, 2],
    ];

    expect((await search(5)).found).toEqual(all);
    expect((await search(10000000000000000007n)).found).toEqual([[old, 1]]);
    expect((await search(99)).found).toEqual([]);
    for (const limit of [1, 2]) {
      expect((await search(5, limit)).found).toEqual(all);
    }
  });

  it('finds it in a list that falls due while it is read', async () => {
    const later = { ...newIngestion('LOW', [4, 5]), notBefore: { inMs: MINUTE } };
    await gate.acceptAll([later, newIngestion('LOW', [5])]);
    let isDue = false;
    const results: Pick<ResultRepository, 'findPositions'> = {
      findPositions: async (...args) => {
        if (!isDue) {
          isDue = true;
          await gate.store.advance(MINUTE + SECOND);
          await gate.store.dispatches.admitDue('default', 10);
        }
        return gate.store.results.findPositions(...args);
      },
    };

    expect((await search(5, 20, results)).found).toHaveLength(2);
    expect((await search(4)).found).toEqual([[later.ingestionId, 0]]);
  });

  it('takes no end of one id and beginning of the next for the id', async () => {
    await gate.accept('LOW', [0x0102_0304, 0x0506_0708]);
    // the bytes 01 02 03 04 | 00 00 00 00 stand across the two ids
    expect((await search(0x0102_0304_0000_0000n)).found).toEqual([]);
  });

  it('reads each id of many long lists once, in bounded parts', async () => {
    const lists = [];
    for (let i = 0; i < 3; i++) {
      lists.unshift(await gate.accept('LOW', idRange(1, 60_000)));
    }
    const { found, read } = await search(59_999);
    expect(found).toEqual(lists.map((id) => [id, 59_998]));
    expect(read).toBe(180_000);
  });
});
