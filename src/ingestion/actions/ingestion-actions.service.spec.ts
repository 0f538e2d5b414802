import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ScriptedStore } from '../../../test/support/held-gate.js';
import { schedulerOptions } from '../../../test/support/options.js';
import { PriorityQueue } from '../../scheduler/queue/priority-queue.js';
import { AuditTrail } from '../../platform/telemetry/audit-trail.js';
import { DispatchEvents } from '../../scheduler/dispatch/dispatch-events.js';
import type { IngestionRepository, StepResult } from '../ingestion.repository.js';
import { IngestionActionsService } from './ingestion-actions.service.js';
import { SystemRuntime } from '../../domain/system-runtime.js';

const STEPS = 20;

/** Moves everything in several steps, each of which resolves at once. */
class SteppingStore implements Pick<IngestionRepository, 'cancelStep' | 'reprioritizeStep'> {
  steps = 0;

  async cancelStep(): Promise<StepResult> {
    this.steps += 1;
    return this.steps % STEPS === 0 ? 'done' : 'more';
  }

  reprioritizeStep(): Promise<StepResult> {
    return this.cancelStep();
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
    const queue = new PriorityQueue(new ScriptedStore(), schedulerOptions(), new SystemRuntime());
    const service = new IngestionActionsService(
      store as unknown as IngestionRepository,
      new DispatchEvents(),
      queue,
      new SystemRuntime(),
      new AuditTrail(new SystemRuntime()),
    );
    const ended = method === 'cancel' ? service.cancel('a') : service.reprioritize('a', 'HIGH');
    const stepsOfTurns: number[] = [];
    for (let before = 0; store.steps < STEPS; before = store.steps) {
      await nextTurn();
      stepsOfTurns.push(store.steps - before);
    }
    await ended;

    expect(Math.max(...stepsOfTurns)).toBeLessThanOrEqual(2);
  },
);
