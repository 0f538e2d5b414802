import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Runtime } from '../../domain/runtime.js';
import { ShutdownState } from '../../platform/lifecycle/shutdown-state.js';
import { FailureLog } from '../../platform/logging/failure-log.js';
import { StepwiseDeletion } from '../maintenance/stepwise-deletion.js';
import { AuditOptions } from './audit.options.js';
import { AuditRepository } from './audit.repository.js';

const INTERVAL_MS = 600_000;
/** Entries that one step deletes: a few milliseconds of work for the store. */
const ENTRIES_PER_STEP = 500;

/** Deletes expired entries of the audit log in small steps. */
@Injectable()
export class AuditRetentionService {
  private readonly deletion: StepwiseDeletion;

  constructor(
    private readonly audit: AuditRepository,
    shutdownState: ShutdownState,
    private readonly options: AuditOptions,
    runtime: Runtime,
  ) {
    const logger = new Logger('Audit');
    const failures = new FailureLog(runtime, logger, 'error', 'expired audit entries not removed');
    this.deletion = new StepwiseDeletion('expired audit entries', failures, shutdownState, runtime);
  }

  /** Deletes all that has expired. Does nothing while it is already running. */
  @Interval(INTERVAL_MS)
  deleteExpired(): Promise<void> {
    return this.deletion.run(
      async () =>
        (await this.audit.deleteOlderThan(this.options.retentionMs, ENTRIES_PER_STEP)) === ENTRIES_PER_STEP,
    );
  }
}
