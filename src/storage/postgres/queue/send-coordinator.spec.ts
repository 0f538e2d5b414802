import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../../test/support/manual-clock.js';
import type { ClockSteps } from './clock-steps.js';
import type { PostgresDatabase } from '../database/database.js';
import { Slot } from './slot-schedule.js';
import { Starter } from './send-coordinator.js';
import { Turnstile } from '../database/mutex.js';

const DELAY_MS = 100;
const LANE = { name: 'default', laneNo: 1 };

describe('Calls of one process on PostgreSQL', () => {
  let clock: ManualClock;
  let slot: Slot;
  let starter: Starter;

  beforeEach(() => {
    clock = new ManualClock();
    slot = new Slot(clock);
    const database = { write: async () => [] } as unknown as PostgresDatabase;
    starter = new Starter(database, '"s"', LANE, slot, new Turnstile(), {} as ClockSteps);
  });

  function start(dispatchNo: number): Promise<boolean> {
    return starter.startInTime(String(dispatchNo), dispatchNo, clock.monotonicMs() + 1000, DELAY_MS);
  }

  it('keep their distance where one leaves only after the next one was let go', async () => {
    await start(1);
    clock.advance(DELAY_MS + 1);
    await start(2);
    clock.advance(20);
    starter.callLeft('1');

    let hasLeft = false;
    const leaving = starter.mayLeave('2').then(() => {
      hasLeft = true;
    });
    await new Promise((resolve) => setTimeout(resolve, DELAY_MS / 2));
    expect(hasLeft).toBe(false);
    expect(slot.opensInMs(DELAY_MS)).toBeGreaterThan(2 * DELAY_MS - 1);
    clock.advance(DELAY_MS);
    await leaving;
  });
});
