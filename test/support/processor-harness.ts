import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { BatchProcessor } from '../../src/scheduler/dispatch/batch-processor.js';
import type { PriorityQueue } from '../../src/scheduler/queue/priority-queue.js';
import { newHeldGate, type HeldApi, type HeldGate, type ScriptedStore } from './held-gate.js';

/** A batch processor on fake timers, between a scripted store and an upstream whose calls the test ends. */
export class ProcessorHarness {
  constructor(private readonly current: () => HeldGate) {}

  get store(): ScriptedStore {
    return this.current().store;
  }

  get api(): HeldApi {
    return this.current().api;
  }

  get queue(): PriorityQueue {
    return this.current().queue;
  }

  get processor(): BatchProcessor {
    return this.current().processor;
  }

  /** The ids whose calls are open. */
  get calls(): number[] {
    return [...this.api.open.keys()].map(Number);
  }

  /** Waits for everything that needs no time to pass. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) {
      await nextTurn();
    }
  }

  /** Starts the processor; its first claims have these results. */
  async start(...claims: ScriptedStore['claims'][number][]): Promise<void> {
    this.store.claims.push(...claims);
    this.processor.onApplicationBootstrap();
    await this.settle();
  }

  /** Lets this time pass. */
  async pass(ms: number): Promise<void> {
    jest.advanceTimersByTime(ms);
    await this.settle();
  }
}

/** Makes a batch processor for each test of a suite, and stops it afterwards. */
export function useBatchProcessor(): ProcessorHarness {
  let heldGate: HeldGate | undefined;
  const current = (): HeldGate => {
    if (heldGate === undefined) {
      throw new Error('the batch processor is made before each test, not earlier');
    }
    return heldGate;
  };
  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'clearImmediate'] });
    for (const level of ['log', 'warn', 'error'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    }
    heldGate = await newHeldGate();
  });
  afterEach(() => {
    current().processor.onModuleDestroy();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });
  return new ProcessorHarness(current);
}
