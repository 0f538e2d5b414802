import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import { DispatchEvents } from '../../scheduler/dispatch/dispatch-events.js';
import { ControlStore, type ControlStep } from './ingestion-actions.repository.js';
import { ControlService } from './ingestion-actions.service.js';

const STEPS = 20;

/** Moves everything in some steps, each of which resolves at once. */
class SteppingStore extends ControlStore {
  steps = 0;

  override async cancelSome(): Promise<ControlStep> {
    this.steps += 1;
    return this.steps % STEPS === 0 ? 'done' : 'more';
  }

  override reprioritiseSome(): Promise<ControlStep> {
    return this.cancelSome();
  }
}

afterEach(() => {
  jest.restoreAllMocks();
});

it.each(['cancel', 'reprioritise'] as const)(
  'A long list that a client wants to %s leaves the event loop to others between two steps',
  async (method) => {
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    const store = new SteppingStore();
    const service = new ControlService(store, new DispatchEvents(), new LaneRegistry([]));
    const ended = method === 'cancel' ? service.cancel('a') : service.reprioritise('a', 'HIGH');
    const stepsOfTurns: number[] = [];
    for (let before = 0; store.steps < STEPS; before = store.steps) {
      await nextTurn();
      stepsOfTurns.push(store.steps - before);
    }
    await ended;

    expect(Math.max(...stepsOfTurns)).toBeLessThanOrEqual(2);
  },
);
