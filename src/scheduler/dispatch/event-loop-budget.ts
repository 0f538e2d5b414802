import { setImmediate } from 'node:timers';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../domain/clock.js';

/** How long the gates of a process may work in one turn of the event loop. */
const BUDGET_MS = 5;

/**
 * Gives the event loop back to everybody else after so much work in one of its turns. An embedded store and an upstream
 * that answers at once resolve on microtasks alone: without it the gates would drain the whole queue before the next request
 * is read. All gates of a process share one budget, because they share the event loop.
 */
@Injectable()
export class EventLoopBudget {
  private turn: Promise<void> | null = null;
  private turnStartedMs = 0;

  constructor(private readonly clock: Clock) {}

  /** To be awaited before each piece of work. Resolves at once, or in a later turn where the budget of this one is used up. */
  async yieldIfSpent(): Promise<void> {
    for (;;) {
      this.turn ??= this.startTurn();
      if (this.clock.monotonicMs() - this.turnStartedMs < BUDGET_MS) {
        return;
      }
      await this.turn;
    }
  }

  private async startTurn(): Promise<void> {
    this.turnStartedMs = this.clock.monotonicMs();
    return new Promise((resolve) => {
      setImmediate(() => {
        this.turn = null;
        resolve();
      });
    });
  }
}
