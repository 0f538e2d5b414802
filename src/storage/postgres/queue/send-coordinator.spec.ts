import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../../test/support/manual-clock.js';
import type { ClockSteps } from './clock-steps.js';
import type { PostgresDatabase } from '../database/database.js';
import { SlotSchedule } from './slot-schedule.js';
import { SendCoordinator } from './send-coordinator.js';
import { Mutex } from '../../../domain/mutex.js';

const DELAY_MS = 100;
const LANE = { name: 'default', laneNo: 1 };

describe('Calls of one process on PostgreSQL', () => {
  let clock: ManualClock;
  let slotSchedule: SlotSchedule;
  let sendCoordinator: SendCoordinator;

  beforeEach(() => {
    clock = new ManualClock();
    slotSchedule = new SlotSchedule(clock);
    const database = { write: async () => [] } as unknown as PostgresDatabase;
    sendCoordinator = new SendCoordinator(database, '"s"', LANE, slotSchedule, new Mutex(), {} as ClockSteps);
  });

  function start(dispatchNo: number): Promise<boolean> {
    return sendCoordinator.startInTime(String(dispatchNo), dispatchNo, clock.monotonicMs() + 1000, DELAY_MS);
  }

  it('keep their distance where one leaves only after the next one was let go', async () => {
    await start(1);
    clock.advance(DELAY_MS + 1);
    await start(2);
    clock.advance(20);
    sendCoordinator.recordSent('1');

    let hasLeft = false;
    const leaving = sendCoordinator.awaitSendSlot('2').then(() => {
      hasLeft = true;
    });
    await new Promise((resolve) => setTimeout(resolve, DELAY_MS / 2));
    expect(hasLeft).toBe(false);
    expect(slotSchedule.opensInMs(DELAY_MS)).toBeGreaterThan(2 * DELAY_MS - 1);
    clock.advance(DELAY_MS);
    await leaving;
  });
});
