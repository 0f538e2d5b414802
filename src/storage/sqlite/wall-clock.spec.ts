import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { DEFAULT_LANE } from '../../domain/lane.js';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import { packIds } from '../../domain/packed-ids.js';
import type { Outcome } from '../../domain/dispatch.js';
import { SqliteStore } from './store.js';
import { type SingleClaim, claimFrom, settleOne } from '../../../test/support/claims.js';

const DELAY_MS = 5000;
const LEASE_MS = 60_000;
const WINDOW_MS = 300_000;
const HOUR_MS = 3_600_000;
const TERMS = { lane: DEFAULT_LANE, batchSize: 1, delayMs: DELAY_MS, leaseMs: LEASE_MS, agingMs: null };
const ERROR = { kind: 'upstream', message: 'busy' } as const;

const JUMPS = [
  ['forward', 5 * HOUR_MS],
  ['back', -5 * HOUR_MS],
] as const;

const STARTS = [
  ['the process', (clock: ManualClock) => clock.restarted()],
  ['the machine', (clock: ManualClock) => clock.rebooted()],
] as const;

describe('The embedded store, the wall clock set by hours,', () => {
  const newFolder = useTempFolders();
  let folder: string;
  let clock: ManualClock;
  let store: SqliteStore;

  beforeEach(() => {
    folder = newFolder();
    clock = new ManualClock();
    store = SqliteStore.open(folder, clock);
  });
  afterEach(() => store.close());

  async function restart(start: (clock: ManualClock) => ManualClock): Promise<void> {
    await store.close();
    clock = start(clock);
    store = SqliteStore.open(folder, clock);
  }

  async function accept(...ids: number[]): Promise<void> {
    await store.ingestions.acceptAll([
      {
        ingestionId: uuidV7(),
        lane: DEFAULT_LANE,
        priority: 'HIGH',
        client: null,
        packedIds: packIds(ids),
      },
    ]);
  }

  function claim(): Promise<SingleClaim> {
    return claimFrom(store, TERMS, clock);
  }

  async function claimAndSettle(outcome: Outcome): Promise<void> {
    const claimed = await claim();
    expect(claimed.kind).toBe('dispatch');
    if (claimed.kind === 'dispatch') {
      await settleOne(store, claimed.dispatch, [outcome]);
    }
  }

  describe.each(JUMPS)('%s,', (_, jumpMs) => {
    it('keeps the pace to the millisecond', async () => {
      await accept(1, 2, 3);
      await claim();
      clock.advance(1000);
      clock.jumpWall(jumpMs);

      expect(await claim()).toMatchObject({ kind: 'slot_closed', opensInMs: DELAY_MS - 1000 });
      clock.advance(DELAY_MS - 1000);
      expect(await claim()).toMatchObject({ kind: 'dispatch' });
      clock.jumpWall(-jumpMs);
      expect(await claim()).toMatchObject({ kind: 'slot_closed', opensInMs: DELAY_MS });
    });

    it('lets retries fall due and leases lapse at their time', async () => {
      await accept(1, 2);
      await claimAndSettle({ kind: 'retry', delayMs: 30_000, error: ERROR });
      clock.advance(DELAY_MS);
      await claim();
      clock.jumpWall(jumpMs);
      clock.advance(DELAY_MS);

      expect(await claim()).toEqual({ kind: 'nothing_due', dueInMs: 30_000 - 2 * DELAY_MS });
      clock.advance(LEASE_MS - DELAY_MS - 1);
      expect(await store.dispatches.reclaimExpired()).toEqual([]);
      clock.advance(1);
      expect(await store.dispatches.reclaimExpired()).toHaveLength(1);
    });

    it('keeps the idempotency window', async () => {
      const submit = async (): Promise<string | undefined> => {
        const [answer] = await store.ingestions.acceptAll([
          {
            ingestionId: uuidV7(),
            lane: DEFAULT_LANE,
            priority: 'LOW',
            client: null,
            packedIds: packIds([1]),
            idempotency: { key: Buffer.of(1), content: Buffer.of(1), windowMs: WINDOW_MS },
          },
        ]);
        return answer?.kind;
      };
      await submit();
      clock.jumpWall(jumpMs);
      clock.advance(WINDOW_MS - 1);
      expect(await submit()).toBe('replayed');
      clock.advance(1);
      expect(await submit()).toBe('accepted');
    });

    describe.each(STARTS)('and %s started anew,', (__, start) => {
      it('does not break the pace where it jumped before the last dispatch', async () => {
        await accept(1, 2, 3);
        await claim();
        clock.jumpWall(jumpMs);
        clock.advance(DELAY_MS);
        await claim();
        clock.advance(1000);
        await restart(start);

        const claimed = await claim();
        expect(claimed.kind).toBe('slot_closed');
        const opensInMs = claimed.kind === 'slot_closed' ? claimed.opensInMs : 0;
        expect(opensInMs).toBeGreaterThanOrEqual(DELAY_MS - 1000);
        expect(opensInMs).toBeLessThanOrEqual(DELAY_MS);
        clock.advance(opensInMs);
        expect(await claim()).toMatchObject({ kind: 'dispatch' });
      });

      it('never waits longer than the delay where it jumped after it', async () => {
        await accept(1, 2);
        await claim();
        clock.advance(1000);
        clock.jumpWall(jumpMs);
        await restart(start);

        clock.advance(DELAY_MS);
        expect(await claim()).toMatchObject({ kind: 'dispatch' });
      });

      it('stalls neither a retry nor a redrive', async () => {
        await accept(1, 2);
        await claimAndSettle({ kind: 'retry', delayMs: 30_000, error: ERROR });
        clock.advance(DELAY_MS);
        await claimAndSettle({ kind: 'failed', error: ERROR });
        clock.advance(HOUR_MS);
        await claimAndSettle({ kind: 'retry', delayMs: 30_000, error: ERROR });
        clock.advance(2 * HOUR_MS);
        await store.deadLetters.redrive({}, await store.deadLetters.latestNumber(), 1);
        clock.jumpWall(jumpMs);
        await restart(start);

        clock.advance(DELAY_MS);
        expect(await claim()).toMatchObject({ kind: 'dispatch' });
        clock.advance(30_000);
        expect(await claim()).toMatchObject({ kind: 'dispatch' });
      });

      it('goes on with what was in flight', async () => {
        await accept(1);
        await claim();
        clock.jumpWall(jumpMs);
        await restart(start);

        expect(await store.dispatches.reclaimExpired()).toHaveLength(1);
        clock.advance(DELAY_MS);
        expect(await claim()).toMatchObject({ kind: 'dispatch' });
      });
    });

    it('does not break the pace where it jumped between the last dispatch and the start of the process', async () => {
      await accept(1, 2);
      await claim();
      clock.advance(1000);
      clock.jumpWall(jumpMs);
      await restart((stopped) => stopped.restarted());

      const claimed = await claim();
      expect(claimed.kind === 'slot_closed' && claimed.opensInMs).toBeGreaterThanOrEqual(DELAY_MS - 1000);
    });
  });

  describe.each(STARTS)('and %s started anew after an hour,', (_, start) => {
    it('dispatches at once', async () => {
      await accept(1, 2);
      await claim();
      clock.advance(HOUR_MS);
      clock = start(clock);
      clock.advance(20_000);
      await restart((stopped) => stopped);

      expect(await claim()).toMatchObject({ kind: 'dispatch' });
    });
  });

  it('begins at once on a machine that has just started', async () => {
    await store.close();
    folder = newFolder();
    clock = clock.rebooted();
    store = SqliteStore.open(folder, clock);
    await accept(1);

    expect(await claim()).toMatchObject({ kind: 'dispatch' });
  });
});
