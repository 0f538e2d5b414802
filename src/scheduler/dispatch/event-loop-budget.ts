import { Injectable } from '@nestjs/common';
import { Runtime } from '../../domain/runtime.js';

/** Time for which the lanes of a process may work in one turn of the event loop. */
const BUDGET_MS = 5;

/**
 * Limits the work of the lanes in one turn of the event loop. An embedded store and an upstream that answers at once
 * resolve on microtasks alone: without a limit the lanes would drain the whole queue before the next request is read. All
 * lanes of a process share one budget, because they share the event loop.
 */
@Injectable()
export class EventLoopBudget {
  private turn: Promise<void> | null = null;
  private turnStartedMs = 0;

  constructor(private readonly runtime: Runtime) {}

  /** Must be awaited before each piece of work. Resolves at once, or in a later turn if this turn's budget is spent. */
  async yieldIfSpent(): Promise<void> {
    for (;;) {
      this.turn ??= this.startTurn();
      if (this.runtime.monotonicMs() - this.turnStartedMs < BUDGET_MS) {
        return;
      }
      await this.turn;
    }
  }

  private async startTurn(): Promise<void> {
    this.turnStartedMs = this.runtime.monotonicMs();
    return new Promise((resolve) => {
      this.runtime.setImmediate(() => {
        this.turn = null;
        resolve();
      });
    });
  }
}
