import { describe, expect, it } from '@jest/globals';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import type { SingleClaim } from '../support/claims.js';
import { COMPLETED, HOUR, idsOf, MINUTE, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';
import { listDeadLetters } from '../support/list-dead-letters.js';

const SLACK_MS = 10 * SECOND;
const POSTPONED = { kind: 'postponed' } as const;

function heldForMs(claim: SingleClaim): number {
  if (claim.kind !== 'held') {
    throw new Error(`not held, but ${claim.kind}`);
  }
  return claim.opensInMs;
}

describe.each(STORES)('$name: Retry-After hold', (underTest) => {
  const gate = useGate(underTest);

  it('claims nothing until then, and says how long that is', async () => {
    await gate.accept('HIGH', [1]);
    await gate.store.dispatches.holdLane(DEFAULT_LANE, 10 * MINUTE);

    const first = heldForMs(await gate.claim());
    expect(first).toBeLessThanOrEqual(10 * MINUTE);
    expect(first).toBeGreaterThan(10 * MINUTE - SLACK_MS);
    await gate.store.advance(9 * MINUTE);
    expect(heldForMs(await gate.claim())).toBeLessThanOrEqual(MINUTE);
    await gate.store.advance(MINUTE);
    expect(idsOf(await gate.dispatch())).toEqual([1n]);
  });

  it('does not hold the other lanes', async () => {
    await gate.accept('HIGH', [1]);
    await gate.store.dispatches.holdLane('crm', HOUR);

    expect(await gate.claim({ lane: 'crm' })).toMatchObject({ kind: 'held' });
    expect(idsOf(await gate.dispatch())).toEqual([1n]);
  });

  it('shows it in the survey, and nothing when it is over', async () => {
    expect((await gate.store.queue.stats(DEFAULT_LANE)).heldForMs).toBe(0);
    await gate.store.dispatches.holdLane(DEFAULT_LANE, MINUTE);
    expect((await gate.store.queue.stats(DEFAULT_LANE)).heldForMs).toBeGreaterThan(MINUTE - SLACK_MS);
    await gate.store.advance(2 * MINUTE);

    expect((await gate.store.queue.stats(DEFAULT_LANE)).heldForMs).toBe(0);
  });

  it('does not forget it over a kill', async () => {
    await gate.accept('HIGH', [1]);
    await gate.store.dispatches.holdLane(DEFAULT_LANE, HOUR);
    await gate.restart();

    expect(heldForMs(await gate.claim())).toBeGreaterThan(HOUR - SLACK_MS);
    await gate.store.advance(HOUR);
    expect(idsOf(await gate.dispatch())).toEqual([1n]);
  });

  it.each(['held', 'paused'] as const)(
    'gives a late call no slot and no charge while it is %s',
    async (how) => {
      const { dispatches, queue } = gate.store;
      const { departures } = dispatches;
      const slot = { sendWithinMs: 0, delayMs: 0 };
      const amount = { calls: 1, ids: 1, units: 1 };
      const question = { windows: [], calendars: [], inFlight: null, isPerId: false, timeoutMs: 0 };
      await (how === 'held' ? dispatches.holdLane(DEFAULT_LANE, HOUR) : queue.pause(DEFAULT_LANE));

      const { epoch } = await dispatches.readGate(DEFAULT_LANE);
      expect(await dispatches.takeSlot(DEFAULT_LANE, epoch, slot)).toBeNull();
      expect(await departures.read(DEFAULT_LANE, question)).toMatchObject({ epoch, isClosed: true });
      expect(await departures.append(DEFAULT_LANE, epoch, amount, 0)).toBeNull();
      await (how === 'held' ? gate.store.advance(HOUR) : queue.resume(DEFAULT_LANE));

      const reading = await departures.read(DEFAULT_LANE, question);
      expect(reading.isClosed).toBe(false);
      const departure = await departures.append(DEFAULT_LANE, reading.epoch, amount, 0);
      expect(await dispatches.takeSlot(DEFAULT_LANE, departure?.epoch ?? 0, slot)).not.toBeNull();
    },
  );

  it('waits for the later of two holds', async () => {
    await gate.store.dispatches.holdLane(DEFAULT_LANE, HOUR);
    await gate.store.dispatches.holdLane(DEFAULT_LANE, MINUTE);

    expect(heldForMs(await gate.claim())).toBeGreaterThan(HOUR - SLACK_MS);
  });

  it('keeps the pace across it', async () => {
    await gate.accept('HIGH', [1, 2]);
    await gate.dispatch({ batchSize: 1, delayMs: HOUR });
    await gate.store.dispatches.holdLane(DEFAULT_LANE, MINUTE);
    await gate.store.advance(2 * MINUTE);

    expect(await gate.claim({ delayMs: HOUR })).toMatchObject({ kind: 'slot_closed' });
  });

  it('reports the lane as paused where it is both paused and held', async () => {
    await gate.store.dispatches.holdLane(DEFAULT_LANE, HOUR);
    await gate.store.queue.pause(DEFAULT_LANE);

    expect(await gate.claim()).toEqual({ kind: 'paused' });
  });

  it('sends what was postponed first of its priority, as if it had not been tried', async () => {
    const id = await gate.accept('MEDIUM', [1, 2, 3, 4, 5]);
    await gate.accept('HIGH', [6]);
    const first = await gate.dispatch({ batchSize: 3 });
    expect(idsOf(first)).toEqual([6n, 1n, 2n]);
    expect(await gate.settle(first, [COMPLETED, POSTPONED, POSTPONED])).toBe(true);
    const second = await gate.dispatch({ batchSize: 3 });

    expect(idsOf(second)).toEqual([1n, 2n, 3n]);
    expect(second.parts.map(({ failures }) => failures)).not.toContain(1);
    await gate.settle(second, COMPLETED);
    await gate.drain();
    expect((await gate.find(id)).ingestion).toMatchObject({ completed: 5, failed: 0 });
  });

  it('keeps no attempt of an id that was postponed', async () => {
    await gate.accept('LOW', [1]);
    await gate.settle(await gate.dispatch(), POSTPONED);
    await gate.settle(await gate.dispatch(), { kind: 'failed', error: { kind: 'rejected', message: 'no' } });

    const [letter] = await listDeadLetters(gate.store, {}, null, 10);
    expect(letter?.attempts.map(({ kind }) => kind)).toEqual(['rejected']);
  });
});
