import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Runtime } from '../../domain/runtime.js';
import { ShutdownState } from '../../platform/lifecycle/shutdown-state.js';
import { FailureLog } from '../../platform/logging/failure-log.js';
import { AuditOptions } from './audit.options.js';
import { AuditRepository } from './audit.repository.js';

const INTERVAL_MS = 600_000;
/** Entries that one step deletes: a few milliseconds of work for the store. */
const ENTRIES_PER_STEP = 500;
/** The pause between two steps, in which acceptances have the store for themselves. */
const PAUSE_BETWEEN_STEPS_MS = 20;

/** Deletes expired entries of the audit log in small steps. */
@Injectable()
export class AuditRetentionService {
  private readonly failures: FailureLog;
  private isDeleting = false;

  constructor(
    private readonly audit: AuditRepository,
    private readonly shutdownState: ShutdownState,
    private readonly options: AuditOptions,
    private readonly runtime: Runtime,
  ) {
    this.failures = new FailureLog(
      runtime,
      new Logger('Audit'),
      'error',
      'expired audit entries not removed',
    );
  }

  /** Deletes all that has expired. Does nothing while it is already running. */
  @Interval(INTERVAL_MS)
  async deleteExpired(): Promise<void> {
    if (this.isDeleting) {
      return;
    }
    this.isDeleting = true;
    try {
      while (
        !this.shutdownState.isShuttingDown &&
        (await this.audit.deleteOlderThan(this.options.retentionMs, ENTRIES_PER_STEP)) === ENTRIES_PER_STEP
      ) {
        await this.runtime.sleep(PAUSE_BETWEEN_STEPS_MS);
      }
      this.failures.succeeded();
    } catch (error) {
      this.failures.failed(() => `expired audit entries not deleted, trying again: ${String(error)}`);
    } finally {
      this.isDeleting = false;
    }
  }
}
