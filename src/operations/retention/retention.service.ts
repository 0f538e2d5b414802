import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { FailureLog } from '../../platform/logging/failure-log.js';
import { ShutdownState } from '../../platform/lifecycle/shutdown-state.js';
import { RetentionStore } from './retention.repository.js';
import { RetentionOptions } from './retention.options.js';

const INTERVAL_MS = 60_000;
/** Between two steps acceptances have the store for themselves. */
const PAUSE_MS = 20;

/** Removes what is over for long enough, and lists that were given up while they arrived, step by step. */
@Injectable()
export class RetentionService {
  private readonly failures = new FailureLog(
    new Logger('Retention'),
    'error',
    'finished ingestions not removed',
  );
  private isRemoving = false;

  constructor(
    private readonly store: RetentionStore,
    private readonly shutdownState: ShutdownState,
    private readonly options: RetentionOptions,
  ) {}

  /** Removes all there is to remove now; does nothing while it is at it already. */
  @Interval(INTERVAL_MS)
  async removeFinished(): Promise<void> {
    if (this.isRemoving) {
      return;
    }
    this.isRemoving = true;
    try {
      while (
        !this.shutdownState.isShuttingDown &&
        (await this.store.removeSome(this.options.retentionMs ?? Infinity))
      ) {
        await sleep(PAUSE_MS);
      }
      this.failures.succeeded();
    } catch (error) {
      this.failures.failed(() => `finished ingestions not removed, trying again: ${String(error)}`);
    } finally {
      this.isRemoving = false;
    }
  }
}
