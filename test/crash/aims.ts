import { setTimeout as sleep } from 'node:timers/promises';
import type { Moments } from './client.ts';
import { spin } from './clock.ts';
import type { ServiceProcess } from './service-process.ts';
import type { Random } from './random.ts';
import type { Recorder } from './recorder/recorder.ts';
import type { StoreUnderTest } from './store-under-test.ts';

/**
 * The moments at which a process may be ended. `write` is during a commit or right after it, `connection`
 * between claim and call, `call` while the upstream works, `answer` before the outcome is recorded,
 * `submission` while a list is being accepted, `acknowledgement` right after its response.
 */
export const AIMS = [
  'any',
  'write',
  'connection',
  'call',
  'answer',
  'submission',
  'acknowledgement',
] as const;
export type Aim = (typeof AIMS)[number];

export interface Sights {
  readonly service: ServiceProcess;
  readonly recorder: Recorder;
  readonly store: StoreUnderTest;
  readonly moments: Moments;
  readonly random: Random;
  readonly signal: NodeJS.Signals;
}

const MAX_RUN_MS = 400;
const MAX_WAIT_MS = 1200;
const MAX_SPIN_MS = 1.5;

/** Ends a process at such a moment, or a little after; resolves once the signal is sent. */
export async function strike(aim: Aim, sights: Sights): Promise<void> {
  const { service, random, signal } = sights;
  switch (aim) {
    case 'any':
      await sleep(random.between(1, MAX_RUN_MS));
      service.signal(signal);
      break;
    case 'connection':
    case 'call':
    case 'answer':
      await strikeFromRecorder(aim, sights);
      break;
    case 'write':
      await strikeAt(sights, random.integer(0, 60), (passed) => sights.store.watchWrites(passed));
      break;
    case 'submission':
      await strikeAt(sights, random.integer(0, 60), (passed) => listen(sights.moments, 'sent', passed));
      break;
    case 'acknowledgement':
      await strikeAt(sights, random.integer(0, 60), (passed) =>
        listen(sights.moments, 'acknowledged', passed),
      );
      break;
  }
}

/** Draws the delay of a strike; half of the strikes have none. */
function drawSpin(random: Random): number {
  return random.chance(0.5) ? 0 : random.next() * MAX_SPIN_MS;
}

async function strikeFromRecorder(at: 'connection' | 'call' | 'answer', sights: Sights): Promise<void> {
  const { service, recorder, random, signal } = sights;
  const skip = at === 'connection' ? random.integer(0, 2) : random.integer(0, 6);
  recorder.arm({ at, pid: service.pid, signal, skip, spinMs: drawSpin(random) });
  await Promise.race([service.exited, sleep(MAX_WAIT_MS)]);
  if (!(await recorder.disarm())) {
    service.signal(signal);
  }
}

function strikeAt(sights: Sights, skip: number, watch: (passed: () => void) => () => void): Promise<void> {
  const { service, random, signal } = sights;
  const spinMs = drawSpin(random);
  return new Promise((resolve) => {
    let toPass = skip;
    const fire = (): void => {
      clearTimeout(timer);
      unwatch();
      service.signal(signal);
      resolve();
    };
    const timer = setTimeout(fire, MAX_WAIT_MS);
    const unwatch = watch(() => {
      if (toPass-- === 0) {
        spin(spinMs);
        fire();
      }
    });
  });
}

function listen(moments: Moments, moment: 'sent' | 'acknowledged', passed: () => void): () => void {
  moments.on(moment, passed);
  return () => {
    moments.off(moment, passed);
  };
}
