import { Injectable, Logger } from '@nestjs/common';
import type { AuditEntry } from '../../domain/audit.js';
import { AuditTrail } from '../../platform/telemetry/audit-trail.js';
import { DispatchEvents } from '../../scheduler/dispatch/dispatch-events.js';
import { PriorityQueue } from '../../scheduler/queue/priority-queue.js';
import { IngestionRepository, type StepResult } from '../ingestion.repository.js';
import { IngestionFinishedError, UnknownIngestionError } from '../../domain/ingestion-errors.js';
import type { Priority } from '../../domain/priority.js';
import { runSteps } from '../../domain/run-steps.js';
import { Runtime } from '../../domain/runtime.js';

/** Retries that one step moves: a few milliseconds of work for the store. */
export const RETRIES_PER_STEP = 1000;

/**
 * Cancels and reprioritizes ingestions. After any error the request may be repeated.
 * @throws UnknownIngestionError where there is no such ingestion
 * @throws IngestionFinishedError where nothing can change any more
 * @throws StoreUnavailableError where the store fails
 */
@Injectable()
export class IngestionActionsService {
  private readonly logger = new Logger('Control');

  constructor(
    private readonly repository: IngestionRepository,
    private readonly events: DispatchEvents,
    private readonly queue: PriorityQueue,
    private readonly runtime: Runtime,
    private readonly audit: AuditTrail,
  ) {}

  async cancel(ingestionId: string): Promise<void> {
    const audit = this.audit.entry('cancel', { target: ingestionId.toLowerCase() });
    await this.change(ingestionId, () => this.repository.cancelStep(ingestionId, RETRIES_PER_STEP, audit));
    this.logger.log({ msg: `ingestion ${ingestionId} cancelled`, ingestion_id: ingestionId });
  }

  async reprioritize(ingestionId: string, priority: Priority): Promise<void> {
    const audit = this.audit.entry('reprioritize', { target: ingestionId.toLowerCase() });
    await this.change(ingestionId, () =>
      this.repository.reprioritizeStep(ingestionId, priority, RETRIES_PER_STEP, audit),
    );
    this.logger.log({ msg: `ingestion ${ingestionId} moved to ${priority}`, ingestion_id: ingestionId });
  }

  /**
   * Changes one ingestion of a bulk action: to a priority, or null to cancel it. Stores `audit` with the first step that
   * changes something. Calls `around` for each step, which resolves with the result of the step, or with null to end before
   * it. Resolves with `done`, with the reason why nothing can change, or with `more` if it was ended. After some ingestions,
   * call {@link notifyChanges}.
   */
  async changeOne(
    ingestionId: string,
    priority: Priority | null,
    audit: AuditEntry,
    around: (step: () => Promise<StepResult>) => Promise<StepResult | null>,
  ): Promise<StepResult> {
    const step = (): Promise<StepResult> =>
      priority === null
        ? this.repository.cancelStep(ingestionId, RETRIES_PER_STEP, audit)
        : this.repository.reprioritizeStep(ingestionId, priority, RETRIES_PER_STEP, audit);
    const end = await runSteps(this.runtime, async () => (await around(step)) ?? 'ended');
    if (end === 'done') {
      this.events.emitChanged([ingestionId.toLowerCase()]);
    }
    return end === 'ended' ? 'more' : end;
  }

  /** Tells the dispatcher that the ids of some ingestions have moved. Each time it may look at every lane. */
  notifyChanges(): void {
    this.queue.notifyArrival();
  }

  private async change(ingestionId: string, take: () => Promise<StepResult>): Promise<void> {
    const end = await runSteps(this.runtime, take);
    if (end === 'done') {
      this.events.emitChanged([ingestionId.toLowerCase()]);
      this.notifyChanges();
    }
    if (end === 'unknown') {
      throw new UnknownIngestionError(ingestionId);
    }
    if (end === 'over') {
      throw new IngestionFinishedError();
    }
  }
}
