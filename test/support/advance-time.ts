import { setImmediate as nextTurn } from 'node:timers/promises';
import { jest } from '@jest/globals';

/** Turns of the event loop without work on files, after which the work that a timer began has ended. */
const QUIET_TURNS = 10;

/**
 * Lets time pass on Jest's timers. Timers fire in the order of their times, each after the work of the one before has
 * ended. `jest.advanceTimersByTimeAsync` would not wait for a store that writes to a real disk.
 */
export async function advanceTime(ms: number): Promise<void> {
  await endWork();
  let isOver = ms === 0;
  if (!isOver) {
    setTimeout(() => {
      isOver = true;
    }, ms);
  }
  while (!isOver) {
    await jest.advanceTimersToNextTimerAsync();
    await endWork();
  }
}

async function endWork(): Promise<void> {
  for (let quietTurns = 0; quietTurns < QUIET_TURNS; quietTurns++) {
    await nextTurn();
    if (process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'))) {
      quietTurns = 0;
    }
  }
}
