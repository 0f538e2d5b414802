import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from '../../crash/clock.ts';
import { LIMITS } from '../../crash/settings.ts';
import type { Round } from '../round.ts';
import { canSetClocks, ServerClock } from '../server-clock/server-clock.ts';
import type { FaultKind } from './kind.ts';

const STEPS_S = [0.5, -0.5, 2, -2, 3600, -3600];
/** A lane goes on when so many calls have arrived since the step: those that were claimed before do not count. */
const CALLS = 12;
const LOOK_AGAIN_MS = 20;

/** The clock of the server steps by half a second, two seconds and an hour, forward and back, in any order. */
export const clock: FaultKind = {
  name: 'clock',
  missing: () =>
    canSetClocks() ? null : 'it needs Linux and a C compiler (Debian: apt-get install gcc libc6-dev)',
  prepare: async (cluster) => {
    const serverClock = await ServerClock.of(cluster.primary);
    return {
      make: (round) => make(round, serverClock),
      release: async () => {
        await cluster.primary.stop();
        serverClock.remove();
      },
    };
  },
};

async function make(round: Round, serverClock: ServerClock): Promise<void> {
  const pauses: string[] = [];
  const faults: string[] = [];
  for (const seconds of round.random.shuffle(STEPS_S)) {
    const pauseMs = await step(round, serverClock, seconds);
    const text = `${seconds > 0 ? '+' : ''}${String(seconds)} s: ${(pauseMs / 1000).toFixed(2)} s`;
    (pauseMs < LIMITS.stallMs ? pauses : faults).push(text);
    await round.work();
  }
  round.verdicts.push({ name: 'dispatching goes on after each step of the clock', faults });
  round.notes.push(`${String(CALLS)} calls after each step: ${pauses.join(', ')}`);
}

/** Sets the clock; resolves with the time (ms) until enough calls have arrived, at most the one after which the service counts as stalled. */
async function step(
  { scene: { recorder } }: Round,
  serverClock: ServerClock,
  seconds: number,
): Promise<number> {
  const before = await recorder.countCalls();
  const fromMs = nowMs();
  serverClock.step(seconds);
  while ((await recorder.countCalls()) < before + CALLS && nowMs() - fromMs < LIMITS.stallMs) {
    await sleep(LOOK_AGAIN_MS);
  }
  return nowMs() - fromMs;
}
