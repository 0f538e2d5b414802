import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { dispatch, newHeldGate, type HeldGate } from '../../../test/support/held-gate.js';
import { EventLoopBudget } from './event-loop-budget.js';

/** The budget of a turn is used up by so many pieces of work of a millisecond. */
const MS_OF_A_TURN = 5;
const DISPATCHES = 100;

describe('The gates of a process, before a store and an upstream that answer at once,', () => {
  let clock: ManualClock;
  let budget: EventLoopBudget;
  let gates: HeldGate[];

  beforeEach(() => {
    for (const level of ['log', 'warn', 'error'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    }
    clock = new ManualClock();
    budget = new EventLoopBudget(clock);
    gates = [];
  });
  afterEach(() => {
    gates.forEach(({ processor }) => {
      processor.onModuleDestroy();
    });
    jest.restoreAllMocks();
  });

  /** A gate with this many dispatches to claim; a claim and a settlement take a millisecond each. */
  async function newGate(): Promise<HeldGate> {
    const gate = await newHeldGate(budget);
    const { store, queue } = gate;
    const [claim, settle] = [queue.claim.bind(queue), store.settle.bind(store)];
    queue.claim = async (requests) => {
      clock.advance(1);
      return claim(requests);
    };
    store.settle = async (...args) => {
      clock.advance(1);
      return settle(...args);
    };
    gate.api.process = async ({ ids }) => ids.map((id) => ({ id, ok: true, data: null }));
    store.claims.push(...Array.from({ length: DISPATCHES }, (_, n) => dispatch(n + 1)));
    return gate;
  }

  function start(...ready: HeldGate[]): void {
    gates.push(...ready);
    ready.forEach(({ processor }) => {
      processor.onApplicationBootstrap();
    });
  }

  /** How many dispatches of all gates were settled in each turn of the event loop until so many are. */
  async function settledEachTurn(until = gates.length * DISPATCHES): Promise<number[]> {
    const settled = (): number => gates.reduce((sum, { store }) => sum + store.settled.size, 0);
    const counts: number[] = [];
    for (let before = settled(); before < until; before = settled()) {
      await nextTurn();
      counts.push(settled() - before);
    }
    return counts;
  }

  it('settle a few dispatches in each turn of the event loop, not the whole queue', async () => {
    start(await newGate());
    const counts = await settledEachTurn();

    expect(Math.max(...counts)).toBeLessThanOrEqual(MS_OF_A_TURN);
    expect(counts.length).toBeGreaterThanOrEqual((2 * DISPATCHES) / (MS_OF_A_TURN + 2));
  });

  it('share one budget, and none of them goes without', async () => {
    const three = [await newGate(), await newGate(), await newGate()];
    start(...three);
    const counts = await settledEachTurn(DISPATCHES);
    const early = three.map(({ store }) => store.settled.size);
    counts.push(...(await settledEachTurn()));

    expect(Math.max(...counts)).toBeLessThanOrEqual(MS_OF_A_TURN + three.length);
    expect(Math.min(...early)).toBeGreaterThan(DISPATCHES / 10);
  });

  it('use a turn to its end: work that takes no time is not held up', async () => {
    let turns = 0;
    void nextTurn().then(() => (turns += 1));
    for (let done = 0; done < 1000; done++) {
      await budget.yieldIfSpent();
    }
    expect(turns).toBe(0);

    clock.advance(MS_OF_A_TURN);
    await budget.yieldIfSpent();
    expect(turns).toBe(1);
  });
});
