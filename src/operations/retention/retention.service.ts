import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { FailureLog } from '../../platform/logging/failure-log.js';
import { ShutdownState } from '../../platform/lifecycle/shutdown-state.js';
import { MaintenanceRepository } from '../maintenance/maintenance.repository.js';
import { StepwiseDeletion } from '../maintenance/stepwise-deletion.js';
import { RetentionOptions } from './retention.options.js';
import { Runtime } from '../../domain/runtime.js';

const INTERVAL_MS = 60_000;

/** Deletes expired ingestions, and streamed ingestions that were abandoned before acceptance, in small steps. */
@Injectable()
export class RetentionService {
  private readonly deletion: StepwiseDeletion;

  constructor(
    private readonly maintenance: MaintenanceRepository,
    shutdownState: ShutdownState,
    private readonly options: RetentionOptions,
    runtime: Runtime,
  ) {
    const logger = new Logger('Retention');
    const failures = new FailureLog(runtime, logger, 'error', 'finished ingestions not removed');
    this.deletion = new StepwiseDeletion('finished ingestions', failures, shutdownState, runtime);
  }

  /** Deletes all that has expired. Does nothing while it is already running. */
  @Interval(INTERVAL_MS)
  deleteFinished(): Promise<void> {
    return this.deletion.run(() => this.maintenance.deleteExpired(this.options.retentionMs ?? Infinity));
  }
}
