import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { FailureLog } from '../../platform/logging/failure-log.js';
import { ShutdownState } from '../../platform/lifecycle/shutdown-state.js';
import { MaintenanceRepository } from '../maintenance/maintenance.repository.js';
import { RetentionOptions } from './retention.options.js';
import { Runtime } from '../../domain/runtime.js';

const INTERVAL_MS = 60_000;
/** The pause between two steps, in which acceptances have the store for themselves. */
const PAUSE_BETWEEN_STEPS_MS = 20;

/** Deletes expired ingestions, and streamed ingestions that were abandoned before acceptance, in small steps. */
@Injectable()
export class RetentionService {
  private readonly failures: FailureLog;
  private isDeleting = false;

  constructor(
    private readonly maintenance: MaintenanceRepository,
    private readonly shutdownState: ShutdownState,
    private readonly options: RetentionOptions,
    private readonly runtime: Runtime,
  ) {
    this.failures = new FailureLog(
      runtime,
      new Logger('Retention'),
      'error',
      'finished ingestions not removed',
    );
  }

  /** Deletes all that has expired. Does nothing while it is already running. */
  @Interval(INTERVAL_MS)
  async deleteFinished(): Promise<void> {
    if (this.isDeleting) {
      return;
    }
    this.isDeleting = true;
    try {
      while (
        !this.shutdownState.isShuttingDown &&
        (await this.maintenance.deleteExpired(this.options.retentionMs ?? Infinity))
      ) {
        await this.runtime.sleep(PAUSE_BETWEEN_STEPS_MS);
      }
      this.failures.succeeded();
    } catch (error) {
      this.failures.failed(() => `finished ingestions not deleted, trying again: ${String(error)}`);
    } finally {
      this.isDeleting = false;
    }
  }
}
