import { expect } from '@jest/globals';
import type { OpenStore } from '../contract/stores.js';
import { compareDeadLetters, compareLabels, compareList, compareQueue } from './comparison.js';
import { Moves } from './moves.js';
import { LANES } from './reference.js';
import type { Step, Scenario } from './steps.js';
import type { Timing } from './timing.js';

const MANY = 100_000;

/** Plays a random run on a store, and checks after each step that the store and the reference agree. */
export class Player {
  private readonly moves: Moves;

  constructor(
    store: OpenStore,
    private readonly scenario: Scenario,
    private readonly timing: Timing,
  ) {
    this.moves = new Moves(store, scenario, timing);
  }

  async play(): Promise<void> {
    for (const step of this.scenario.steps) {
      await this.moves.pass(this.timing.tickMs);
      await this.take(step);
      await this.compareTouched();
    }
    await this.compareAll();
    await this.finish();
  }

  close(): Promise<void> {
    return this.moves.store.close();
  }

  /** Brings all remaining ids to their end: each has one outcome, and the pace was kept throughout. */
  private async finish(): Promise<void> {
    const { moves, timing } = this;
    const { reference } = moves;
    const { leaseMs, delayMs } = this.scenario.terms;
    await moves.pass(leaseMs + timing.tickMs);
    await moves.takeOver();
    for (const lane of LANES) {
      await moves.setPaused(lane, false);
    }
    while (reference.lists.some(({ finishedMs }) => finishedMs === null)) {
      await moves.pass(Math.max(delayMs, timing.quantumMs));
      for (const lane of LANES) {
        await moves.claim(lane, 0, { ...this.scenario.terms, batchSize: MANY, fill: null });
        await moves.settle(moves.held[0], ['completed', 'completed', 'failed']);
      }
    }
    for (const lane of LANES) {
      await moves.claim(lane, 0);
    }
    const discarded = reference.discarded.filter(({ list }) => reference.lists.includes(list));
    const ends = [...moves.completed, ...(await this.compareAll()), ...discarded.map(({ id }) => id)];
    const sent = reference.items.filter(({ state }) => state !== 'dropped');
    expect(ends.sort(byValue)).toEqual(sent.map(({ id }) => id).sort(byValue));
    for (const { startsMs } of reference.gates.values()) {
      const gaps = startsMs.map((startMs, i, all) => startMs - (all[i - 1] ?? -Infinity));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(delayMs);
    }
  }

  private async compareTouched(): Promise<void> {
    const { touched, store } = this.moves;
    for (const list of touched) {
      await compareList(store, list);
    }
    touched.clear();
    await compareQueue(store, this.moves.reference);
  }

  /** Compares every list and the dead letters. Returns the ids of the dead letters. */
  private async compareAll(): Promise<bigint[]> {
    const { reference, store } = this.moves;
    for (const list of reference.lists) {
      await compareList(store, list);
    }
    await compareLabels(store, reference);
    return compareDeadLetters(store, reference.deadLetters);
  }

  private take(step: Step): Promise<void> {
    const { moves } = this;
    const { held, ended, reference } = moves;
    switch (step.do) {
      case 'accept':
        return moves.accept(step.lists);
      case 'claim':
        return moves.claim(step.lane, step.lateMs);
      case 'hold':
        return moves.hold(step.lane, step.ms);
      case 'pause':
        return moves.setPaused(step.lane, true);
      case 'resume':
        return moves.setPaused(step.lane, false);
      case 'settle':
        return moves.settle(pick(held, step.which), step.endings);
      case 'settle late':
        return moves.settleLate(pick(ended, step.which));
      case 'release':
        return moves.release(pick(held, step.which));
      case 'renew':
        return moves.renew(pick(held, step.which));
      case 'take over':
        return moves.takeOver();
      case 'redrive':
        return moves.redrive(step.which === null ? null : pick(reference.lists, step.which), step.limit);
      case 'cancel':
        return moves.cancel(pick(reference.lists, step.which), step.limit);
      case 'reprioritise':
        return moves.reprioritise(pick(reference.lists, step.which), step.priority, step.limit);
      case 'bulk':
        return moves.bulk(step.action, step.filter, step.priority);
      case 'admit':
        return moves.admit(step.lane);
      case 'forget':
        return moves.forget(step.ageMs);
      case 'wait':
        return moves.pass(step.ms);
      case 'restart':
        return moves.restart();
    }
  }
}

function pick<T>(from: readonly T[], which: number): T | undefined {
  return from[which % from.length];
}

function byValue(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}
