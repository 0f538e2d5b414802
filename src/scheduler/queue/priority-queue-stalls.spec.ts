import { describe, expect, it } from '@jest/globals';
import { MemoryQueueRepository } from '../../../test/support/memory-queue.js';
import { schedulerOptions } from '../../../test/support/options.js';
import { StallingRuntime } from '../../../test/support/stalling-runtime.js';
import type { Dispatch } from '../../domain/dispatch.js';
import { PreciseTimer } from '../pacing/precise-timer.js';
import { PriorityQueue } from './priority-queue.js';

const SLOTS = 200;
const MAX_IN_FLIGHT = 10;
/** The longest time that a commit takes if it does not stall. */
const COMMIT_MS = 3;
/** Time stamps are sums of fractions. */
const ROUNDING_MS = 1e-6;

interface World {
  readonly delayMs: number;
  /** The probability that a callback or a commit stalls the process. */
  readonly probability: number;
  readonly maxStallMs: number;
  /** The longest time until a call is ready to be sent. */
  readonly connectMs: number;
}

const WORLDS: readonly World[] = [
  { delayMs: 1, probability: 0.01, maxStallMs: 5, connectMs: 1 },
  { delayMs: 5, probability: 0.005, maxStallMs: 15, connectMs: 3 },
  { delayMs: 20, probability: 0.01, maxStallMs: 60, connectMs: 20 },
  { delayMs: 100, probability: 0.003, maxStallMs: 250, connectMs: 60 },
  { delayMs: 900, probability: 0.001, maxStallMs: 2000, connectMs: 100 },
];

const STORES = [
  { name: 'a store of one process', processes: 1, isShared: false, restartMarginMs: 50 },
  { name: 'a shared store, one process', processes: 1, isShared: true, restartMarginMs: 0 },
  { name: 'a shared store, three processes', processes: 3, isShared: true, restartMarginMs: 0 },
];

/** Returns the moments at which calls were sent, in ms, by processes that dispatch as `LaneWorker` does. */
async function send(world: World, store: (typeof STORES)[number], seed: number): Promise<number[]> {
  const { delayMs, connectMs, probability, maxStallMs } = world;
  const runtime = new StallingRuntime(seed, { probability, maxMs: maxStallMs });
  const repository = new MemoryQueueRepository(runtime, store);
  repository.accept(1, 10 * SLOTS);
  repository.beforeCommit = () => {
    runtime.work(COMMIT_MS);
  };
  const sentMs: number[] = [];
  for (let process = 0; process < store.processes; process++) {
    const queue = new PriorityQueue(repository, schedulerOptions(), runtime);
    const connect = async (): Promise<void> => {
      if (runtime.random() < 0.5) {
        await runtime.nextTurn();
      } else {
        await runtime.sleep(connectMs * runtime.random());
      }
    };
    const call = async (dispatch: Dispatch): Promise<void> => {
      await connect();
      if (await queue.awaitSendSlot(dispatch)) {
        sentMs.push(runtime.monotonicMs());
        queue.recordSent(dispatch);
      }
    };
    dispatchAll(queue, delayMs, runtime, call);
  }
  await runtime.run(SLOTS * delayMs);
  return sentMs;
}

function dispatchAll(
  queue: PriorityQueue,
  delayMs: number,
  runtime: StallingRuntime,
  call: (dispatch: Dispatch) => Promise<void>,
): void {
  const lane = { options: { name: 'default', batchSize: 1, batchDelayMs: delayMs } };
  let inFlight = 0;
  let isRunning = false;
  let isWanted = false;
  const wake = (): void => {
    isWanted = true;
    if (!isRunning) {
      void run();
    }
  };
  const timer = new PreciseTimer(runtime, wake);
  const run = async (): Promise<void> => {
    isRunning = true;
    while (isWanted) {
      isWanted = false;
      await claimReady();
    }
    isRunning = false;
  };
  const claimReady = async (): Promise<void> => {
    while (inFlight < MAX_IN_FLIGHT) {
      const claim = await queue.claim({ lane });
      if (claim.kind !== 'claimed') {
        timer.set(claim.kind === 'slot_closed' ? claim.opensInMs : delayMs);
        return;
      }
      for (const dispatch of claim.dispatches) {
        if (await queue.awaitStart(dispatch)) {
          inFlight += 1;
          void call(dispatch).then(() => {
            inFlight -= 1;
            wake();
          });
        }
      }
    }
  };
  wake();
}

describe('Stalls of the event loop', () => {
  it.each(STORES)('bring no two calls closer together than the delay: $name', async (store) => {
    for (const world of WORLDS) {
      for (const seed of [1, 2, 3]) {
        const sentMs = await send(world, store, seed);
        const gapsMs = sentMs.slice(1).map((atMs, i) => atMs - (sentMs[i] ?? 0));
        const tooShort = gapsMs.filter((gapMs) => gapMs < world.delayMs - ROUNDING_MS);
        expect({ world, seed, tooShort }).toEqual({ world, seed, tooShort: [] });
        expect(sentMs.length).toBeGreaterThan(SLOTS / 10);
      }
    }
  });
});
