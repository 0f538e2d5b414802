import { describe, expect, it } from '@jest/globals';
import type { Outcome } from '../../src/domain/dispatch.js';
import { idRange } from '../support/lists.js';
import { COMPLETED, failed, HOUR, idsOf, MINUTE, retryIn, SECOND, useGate } from './gate.js';
import { pageOf, resultsOf } from './results.js';
import { STORES } from './stores.js';

const MEGABYTE = 1024 * 1024;

function answered(dataJson: string | null): Outcome {
  return { kind: 'completed', dataJson };
}

describe.each(STORES)('$name: results', (underTest) => {
  const gate = useGate(underTest);

  it('shows completed, failed, in flight and pending ids in the order of the list', async () => {
    const id = await gate.accept('HIGH', [9, 10000000000000000007n, 9, 4, 5, 6, 7]);
    await gate.settle(await gate.dispatch({ batchSize: 5 }), [
      answered('{"n":10000000000000000007}'),
      failed('no such id'),
      answered(null),
      retryIn(HOUR),
      answered('"Grüße, \\u0000 🙂"'),
    ]);
    await gate.dispatch({ batchSize: 1 });

    expect(await pageOf(gate.store, id)).toEqual({
      results: [
        { id: 9n, status: 'completed', dataJson: '{"n":10000000000000000007}' },
        { id: 10000000000000000007n, status: 'failed', error: 'no such id' },
        { id: 9n, status: 'completed' },
        { id: 4n, status: 'triggered' },
        { id: 5n, status: 'completed', dataJson: '"Grüße, \\u0000 🙂"' },
        { id: 6n, status: 'triggered' },
        { id: 7n, status: 'yet_to_start' },
      ],
      next: null,
    });
  });

  it('completes an id without a result', async () => {
    const id = await gate.accept('HIGH', [1]);
    await gate.settle(await gate.dispatch(), [answered(null)]);

    expect(await resultsOf(gate.store, id)).toEqual([{ id: 1n, status: 'completed' }]);
  });

  it('keeps each result in its list where a dispatch carries several', async () => {
    const one = await gate.accept('HIGH', [1, 2]);
    const two = await gate.accept('HIGH', [3]);
    const three = await gate.accept('LOW', [4, 5]);
    const outcomes = ['1', '2', '3', '4', '5'].map((text) => answered(`"${text}"`));
    await gate.settle(await gate.dispatch({ batchSize: 5 }), outcomes);

    const texts = [];
    for (const id of [one, two, three]) {
      texts.push((await resultsOf(gate.store, id)).map(({ dataJson }) => dataJson));
    }
    expect(texts).toEqual([['"1"', '"2"'], ['"3"'], ['"4"', '"5"']]);
  });

  it('keeps each result in its place, in whatever order they come', async () => {
    const id = await gate.accept('HIGH', idRange(1, 9));
    const dispatches = [await gate.dispatch(), await gate.dispatch(), await gate.dispatch()];
    for (const dispatch of dispatches.toReversed()) {
      const [first = 0] = dispatch.parts.map((part) => part.first);
      await gate.settle(dispatch, [answered(String(first)), retryIn(SECOND), answered(String(first + 2))]);
    }
    await gate.store.advance(MINUTE);
    const again = await gate.dispatch();
    await gate.settle(
      again,
      idsOf(again).map((id) => answered(String(id - 1n))),
    );

    expect((await resultsOf(gate.store, id)).map(({ dataJson }) => dataJson)).toEqual(
      idRange(1, 9).map((n) => String(n - 1)),
    );
  });

  it('reads a large dispatch whole and page by page', async () => {
    const id = await gate.accept('LOW', idRange(1, 2345));
    const dispatch = await gate.dispatch({ batchSize: 2345 });
    await gate.settle(
      dispatch,
      idRange(1, 2345).map((n) =>
        n % 700 === 0 ? failed(`no ${String(n)}`) : answered(`{"is":${String(n)}}`),
      ),
    );

    const expected = idRange(1, 2345).map((n) =>
      n % 700 === 0
        ? { id: BigInt(n), status: 'failed', error: `no ${String(n)}` }
        : { id: BigInt(n), status: 'completed', dataJson: `{"is":${String(n)}}` },
    );
    expect(await resultsOf(gate.store, id)).toEqual(expected);
    expect(await resultsOf(gate.store, id, 7)).toEqual(expected);
    expect(await pageOf(gate.store, id, { from: 1499, limit: 2 })).toEqual({
      results: expected.slice(1499, 1501),
      next: 1501,
    });
    expect(await pageOf(gate.store, id, { from: 2345 })).toEqual({ results: [], next: null });
    expect(await pageOf(gate.store, id, { from: 9_999_999 })).toEqual({ results: [], next: null });
  });

  it('filters by status', async () => {
    const id = await gate.accept('HIGH', idRange(1, 1200));
    await gate.settle(
      await gate.dispatch({ batchSize: 1000 }),
      idRange(1, 1000).map((n) => (n % 300 === 0 ? failed() : n % 300 === 1 ? retryIn(HOUR) : answered('0'))),
    );

    const idsWith = async (
      status: 'completed' | 'failed' | 'triggered' | 'yet_to_start',
    ): Promise<number[]> => (await resultsOf(gate.store, id, 100, status)).map(({ id: its }) => Number(its));
    expect(await idsWith('failed')).toEqual([300, 600, 900]);
    expect(await idsWith('triggered')).toEqual([1, 301, 601, 901]);
    expect(await idsWith('yet_to_start')).toEqual(idRange(1, 1200).slice(1000));
    expect(await idsWith('completed')).toHaveLength(993);
    expect(await pageOf(gate.store, id, { limit: 2, status: 'failed' })).toMatchObject({
      results: [{ id: 300n }, { id: 600n }],
      next: 600,
    });
  });

  it('ends a page where the answers grow long, and misses nothing', async () => {
    const id = await gate.accept('HIGH', idRange(1, 6));
    const long = `"${'x'.repeat(MEGABYTE)}"`;
    await gate.settle(
      await gate.dispatch({ batchSize: 6 }),
      [long, '1', failed('no'), long, long, '2'].map((each) =>
        typeof each === 'string' ? answered(each) : each,
      ),
    );

    const pages = [];
    for (let from: number | null = 0; from !== null;) {
      const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(gate.store, id, { from });
      pages.push(page.results.map(({ id: its, dataJson }) => [Number(its), dataJson?.length]));
      from = page.next;
    }
    expect(pages.flat()).toEqual([
      [1, long.length],
      [2, 1],
      [3, undefined],
      [4, long.length],
      [5, long.length],
      [6, 1],
    ]);
    expect(pages.length).toBeGreaterThanOrEqual(3);
  });

  it('takes a redriven id out of the failed, and shows its answer once it has one', async () => {
    const id = await gate.accept('HIGH', [1, 2]);
    await gate.settle(await gate.dispatch(), [failed(), answered('"two"')]);
    await gate.store.deadLetters.redrive({}, await gate.store.deadLetters.latestNumber(), 10);
    expect(await resultsOf(gate.store, id)).toMatchObject([{ status: 'triggered' }, { status: 'completed' }]);
    await gate.settle(await gate.dispatch(), answered('"one"'));

    expect(await resultsOf(gate.store, id)).toEqual([
      { id: 1n, status: 'completed', dataJson: '"one"' },
      { id: 2n, status: 'completed', dataJson: '"two"' },
    ]);
  });

  it('shows an outcome without its answer at the latest by the end of its list', async () => {
    const id = await gate.accept('HIGH', [1, 2]);
    await gate.settle(await gate.dispatch(), [COMPLETED, failed('no')]);

    expect(await resultsOf(gate.store, id)).toEqual([
      { id: 1n, status: 'completed' },
      { id: 2n, status: 'failed', error: 'no' },
    ]);
  });

  it('shows unsent ids and retries of a cancelled list as cancelled, beside what completed before', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3, 4]);
    await gate.settle(await gate.dispatch({ batchSize: 2 }), [answered('"one"'), retryIn(HOUR)]);
    const flying = await gate.dispatch({ batchSize: 1 });
    await gate.store.ingestions.cancelStep(id, 1000);
    expect((await resultsOf(gate.store, id)).map(({ status }) => status)).toEqual([
      'completed',
      'triggered',
      'triggered',
      'cancelled',
    ]);
    await gate.settle(flying, answered('"three"'));

    expect((await resultsOf(gate.store, id)).map(({ status }) => status)).toEqual([
      'completed',
      'cancelled',
      'completed',
      'cancelled',
    ]);
  });

  it('keeps no result of a reclaimed dispatch', async () => {
    const id = await gate.accept('HIGH', [1]);
    const late = await gate.dispatch();
    await gate.store.advance(2 * MINUTE);
    await gate.store.dispatches.reclaimExpired();
    const dispatch = await gate.dispatch();
    expect(await gate.settle(late, answered('"late"'))).toBe(false);
    await gate.settle(dispatch, answered('"in time"'));

    expect(await resultsOf(gate.store, id)).toMatchObject([{ dataJson: '"in time"' }]);
  });

  it('keeps results over a kill right after the answer', async () => {
    const id = await gate.accept('HIGH', [1]);
    await gate.settle(await gate.dispatch(), answered('[1]'));
    await gate.restart();

    expect(await resultsOf(gate.store, id)).toEqual([{ id: 1n, status: 'completed', dataJson: '[1]' }]);
  });

  it('deletes results with their list, in small steps', async () => {
    const id = await gate.accept('HIGH', idRange(1, 10));
    const long = answered(`"${'x'.repeat(MEGABYTE)}"`);
    await gate.settle(await gate.dispatch({ batchSize: 10 }), long);
    const { seq } = (await gate.find(id)).ingestion;
    const whole = { seq, from: 0, to: 10 };
    expect(await gate.store.results.chunks(whole, 100, 100 * MEGABYTE)).toHaveLength(10);
    await gate.store.advance(24 * HOUR);
    while (await gate.store.maintenance.deleteExpired(HOUR)) {
      // The loop ends when nothing is left.
    }

    expect(await gate.store.results.chunks(whole, 100, 100 * MEGABYTE)).toEqual([]);
    expect(await gate.store.results.readIds(id, [whole])).toBeNull();
    await expect(pageOf(gate.store, id)).rejects.toThrow('unknown ingestion_id');
  });
});
