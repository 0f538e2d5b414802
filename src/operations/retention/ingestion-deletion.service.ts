import { Injectable, Logger } from '@nestjs/common';
import { IngestionActiveError, UnknownIngestionError } from '../../domain/ingestion-errors.js';
import { runSteps } from '../../domain/run-steps.js';
import { Runtime } from '../../domain/runtime.js';
import { AuditTrail } from '../../platform/telemetry/audit-trail.js';
import { DispatchEvents } from '../../scheduler/dispatch/dispatch-events.js';
import { MaintenanceRepository } from '../maintenance/maintenance.repository.js';
import { RetentionService } from './retention.service.js';

/** Deletes ingestions on request. */
@Injectable()
export class IngestionDeletionService {
  private readonly logger = new Logger('Retention');

  constructor(
    private readonly maintenance: MaintenanceRepository,
    private readonly retention: RetentionService,
    private readonly events: DispatchEvents,
    private readonly runtime: Runtime,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Deletes an ingestion that has ended. After it resolves, the ingestion is unknown; its remaining rows are deleted in
   * small steps in the background, also after a restart. It may be repeated after any error.
   * @throws UnknownIngestionError, IngestionActiveError or StoreUnavailableError
   */
  async delete(ingestionId: string): Promise<void> {
    const audit = this.audit.entry('delete', { target: ingestionId.toLowerCase() });
    const end = await runSteps(this.runtime, () => this.maintenance.deleteIngestionStep(ingestionId, audit));
    if (end === 'unknown') {
      throw new UnknownIngestionError(ingestionId);
    }
    if (end === 'active') {
      throw new IngestionActiveError();
    }
    this.logger.log({ msg: `ingestion ${ingestionId} deleted`, ingestion_id: ingestionId });
    this.events.emitChanged([ingestionId.toLowerCase()]);
    void this.retention.deleteFinished();
  }
}
