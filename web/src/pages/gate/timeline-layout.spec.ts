import { describe, expect, it } from '@jest/globals';
import type { Dispatch, GateQueue, QueuedRun } from '../../api/types.js';
import type { StateChange } from '../../live/gate-state.js';
import { acceptedAtMs, layOutHistory, planDispatches, slotsSinceDispatch } from './timeline-layout.js';

const SLOT = 5000;
const T0 = Date.parse('2026-11-24T10:00:00.000Z');

/** Returns a UUID of version 7 that was created at this time. */
const uuidAt = (ms: number): string => {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
};

const dispatchAt = (seconds: number, acceptedSeconds = seconds, retry = false): Dispatch => ({
  dispatch_id: `d${String(seconds)}`,
  started_at: new Date(T0 + seconds * 1000).toISOString(),
  ended_at: null,
  duration_ms: null,
  outcome: 'in_flight',
  completed: 0,
  unsuccessful: 0,
  parts: [{ ingestion_id: uuidAt(T0 + acceptedSeconds * 1000), priority: 'LOW', size: 1, retry, ids: [1n] }],
});

/** State changes of a lane that was open all the time. */
const OPEN: readonly StateChange[] = [{ fromMs: T0 - 1000, state: 'open' }];

const placesOf = (dispatches: readonly Dispatch[], changes: readonly StateChange[] = OPEN): unknown[] =>
  layOutHistory(dispatches, SLOT, changes).map((item) =>
    item.kind === 'gap' ? [item.why, item.at, item.slots] : [item.dispatch.dispatch_id, item.at],
  );

describe('The strip', () => {
  it('puts dispatches of following slots side by side', () => {
    expect(placesOf([dispatchAt(10), dispatchAt(5.01), dispatchAt(0)])).toEqual([
      ['d10', 0],
      ['d5.01', -1],
      ['d0', -2],
    ]);
  });

  it('shows empty slots as such, and long ones shortened', () => {
    expect(placesOf([dispatchAt(10), dispatchAt(0)])).toEqual([
      ['d10', 0],
      ['idle', -1, 1],
      ['d0', -2],
    ]);
    expect(placesOf([dispatchAt(3600), dispatchAt(0)])).toEqual([
      ['d3600', 0],
      ['idle', -2, 719],
      ['d0', -3],
    ]);
  });

  it('tells slots that were missed from slots where nothing waited, or only a retry that was not due', () => {
    expect(placesOf([dispatchAt(20, 1), dispatchAt(0)])[1]).toEqual(['missed', -2, 3]);
    expect(placesOf([dispatchAt(20, 19), dispatchAt(0)])[1]).toEqual(['idle', -2, 3]);
    expect(placesOf([dispatchAt(20, 1, true), dispatchAt(0)])[1]).toEqual(['idle', -2, 3]);
  });

  it('names the state of the lane that kept ids waiting, not a missed slot', () => {
    const waited = [dispatchAt(60, 1), dispatchAt(0)];
    const during = (state: StateChange['state']): unknown =>
      placesOf(waited, [
        { fromMs: T0, state: 'open' },
        { fromMs: T0 + 7000, state },
        { fromMs: T0 + 58_000, state: 'open' },
      ])[1];
    expect(during('held')).toEqual(['held', -2, 11]);
    expect(during('breaker_open')).toEqual(['breaker_open', -2, 11]);
    expect(during('breaker_probing')).toEqual(['breaker_open', -2, 11]);
    expect(during('paused')).toEqual(['paused', -2, 11]);
    expect(during('open')).toEqual(['missed', -2, 11]);
    expect(placesOf(waited, [])[1]).toEqual(['unknown', -2, 11]);
    expect(placesOf([dispatchAt(60), dispatchAt(0)], [])[1]).toEqual(['idle', -2, 11]);
  });

  it('moves with the time, and stops where nothing follows', () => {
    expect([-1, 0.25, 2, 100].map(slotsSinceDispatch)).toEqual([0, 0.25, 2, 3]);
  });

  it('reads the time of acceptance out of an ingestion’s id', () => {
    expect(acceptedAtMs(uuidAt(T0))).toBe(T0);
    expect(acceptedAtMs('d9f1c6a2-5b1e-4c1e-9b1d-2f4c6e8a0b1c')).toBeNull();
  });
});

describe('What is planned', () => {
  const queue = (runs: GateQueue['next']): GateQueue =>
    ({ next: runs, pace: { batch_size: 3, batch_delay_seconds: 5, limits: [] } }) as unknown as GateQueue;

  it('is the contract’s example: filled across lists, in order, at the pace', () => {
    const high: QueuedRun = { ingestion_id: 'b', priority: 'HIGH', retry: false, ids: [6n, 7n, 8n, 9n] };
    const medium: QueuedRun = { ingestion_id: 'a', priority: 'MEDIUM', retry: false, ids: [4n, 5n] };

    const planned = planDispatches(queue([high, medium]), 1000, SLOT);
    expect(planned.map(({ runs, atMs }) => [atMs, ...runs.map(({ ids }) => ids)])).toEqual([
      [1000, [6n, 7n, 8n]],
      [6000, [9n], [4n, 5n]],
    ]);
  });

  it('has no times while nobody knows', () => {
    const run: QueuedRun = { ingestion_id: 'a', priority: 'LOW', retry: false, ids: [1n] };
    expect(planDispatches(queue([run]), null, SLOT)).toMatchObject([{ atMs: null }]);
  });
});
