import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { useApps, type TestApp } from '../support/app.js';
import { ScriptedApi, succeedAfter } from '../support/scripted-api.js';

const CALL_MS = 2000;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

async function ingest({ request }: TestApp, ids: number[], priority: string): Promise<string> {
  const { body } = await request.post('/ingest').send({ ids, priority }).expect(200);
  return body.ingestion_id as string;
}

interface Batch {
  batch_id: string;
  ids: number[];
  status: string;
}

async function status({ request }: TestApp, id: string): Promise<{ status: string; batches: Batch[] }> {
  const { body } = await request.get(`/status/${id}`).expect(200);
  return body as { status: string; batches: Batch[] };
}

const shown = ({ status: overall, batches }: { status: string; batches: Batch[] }): unknown[] => [
  overall,
  ...batches.map(({ ids, status: of }) => [ids, of]),
];

describe('the contract’s example', () => {
  const start = useApps();

  it('goes out as 1,2,3 at T0, 6,7,8 at T5 and 9,4,5 at T10, status by status', async () => {
    const app = await start({}, new ScriptedApi(succeedAfter(CALL_MS)));
    const t0 = Date.now();
    const calls = (): unknown[] => app.api.calls.map(({ atMs, ids }) => [atMs - t0, ids.map(Number)]);

    const one = await ingest(app, [1, 2, 3, 4, 5], 'MEDIUM');
    expect(calls()).toEqual([[0, [1, 2, 3]]]);
    const planned = await status(app, one);
    expect(shown(planned)).toEqual(['triggered', [[1, 2, 3], 'triggered'], [[4, 5], 'yet_to_start']]);

    await jest.advanceTimersByTimeAsync(CALL_MS);
    expect(shown(await status(app, one))).toEqual([
      'triggered',
      [[1, 2, 3], 'completed'],
      [[4, 5], 'yet_to_start'],
    ]);

    await jest.advanceTimersByTimeAsync(4000 - CALL_MS);
    const two = await ingest(app, [6, 7, 8, 9], 'HIGH');
    expect(shown(await status(app, two))).toEqual([
      'yet_to_start',
      [[6, 7, 8], 'yet_to_start'],
      [[9], 'yet_to_start'],
    ]);

    await jest.advanceTimersByTimeAsync(999);
    expect(calls()).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(calls().at(-1)).toEqual([5000, [6, 7, 8]]);

    await jest.advanceTimersByTimeAsync(4999);
    expect(calls()).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(calls().at(-1)).toEqual([10_000, [9, 4, 5]]);
    expect(shown(await status(app, two))).toEqual([
      'triggered',
      [[6, 7, 8], 'completed'],
      [[9], 'triggered'],
    ]);

    await jest.advanceTimersByTimeAsync(60_000);
    const ended = await status(app, one);
    expect(shown(ended)).toEqual(['completed', [[1, 2, 3], 'completed'], [[4, 5], 'completed']]);
    expect(ended.batches.map((batch) => batch.batch_id)).toEqual(
      planned.batches.map((batch) => batch.batch_id),
    );
    expect(calls()).toHaveLength(3);
  });
});

describe('the pace', () => {
  const start = useApps();

  it('does not wait for a slow call', async () => {
    const app = await start({}, new ScriptedApi(succeedAfter(20_000)));
    const t0 = Date.now();
    await ingest(app, [1, 2, 3, 4, 5, 6, 7, 8, 9], 'LOW');
    await jest.advanceTimersByTimeAsync(10_000);
    expect(app.api.calls.map(({ atMs }) => atMs - t0)).toEqual([0, 5000, 10_000]);
  });

  it('begins no more calls than MAX_IN_FLIGHT, and goes on when one ends', async () => {
    const app = await start({ MAX_IN_FLIGHT: '2' }, new ScriptedApi(succeedAfter(20_000)));
    const t0 = Date.now();
    await ingest(app, [1, 2, 3, 4, 5, 6, 7, 8, 9], 'LOW');
    await jest.advanceTimersByTimeAsync(30_000);
    expect(app.api.calls.map(({ atMs }) => atMs - t0)).toEqual([0, 5000, 20_000]);
  });

  it('has no limit with BATCH_DELAY=0', async () => {
    const app = await start({ BATCH_DELAY: '0', MAX_IN_FLIGHT: '3' }, new ScriptedApi(succeedAfter(1000)));
    await ingest(app, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 'LOW');
    await jest.advanceTimersByTimeAsync(0);
    expect(app.api.calls).toHaveLength(3);
    await jest.advanceTimersByTimeAsync(1000);
    expect(app.api.calls).toHaveLength(4);
  });

  it('waits for a whole delay after an idle time, too', async () => {
    const app = await start();
    const t0 = Date.now();
    await jest.advanceTimersByTimeAsync(12_345);
    await ingest(app, [1], 'LOW');
    await jest.advanceTimersByTimeAsync(1);
    await ingest(app, [2], 'LOW');
    await jest.advanceTimersByTimeAsync(5000);
    expect(app.api.calls.map(({ atMs }) => atMs - t0)).toEqual([12_345, 17_345]);
  });
});
