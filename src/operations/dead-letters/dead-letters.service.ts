import { Injectable, Logger } from '@nestjs/common';
import type { AuditFields } from '../../domain/audit.js';
import { UnknownIngestionError } from '../../domain/ingestion-errors.js';
import { Runtime } from '../../domain/runtime.js';
import { IngestionRepository } from '../../ingestion/ingestion.repository.js';
import { AuditTrail } from '../../platform/telemetry/audit-trail.js';
import { PriorityQueue } from '../../scheduler/queue/priority-queue.js';
import {
  DeadLetterRepository,
  type DeadLetter,
  type DeadLetterCounts,
  type DeadLetterFilter,
} from './dead-letter.repository.js';

/** Dead letters that are redriven in one transaction, which takes a few milliseconds. */
const REDRIVES_PER_STEP = 500;

/** Lists ids that failed for good, and sends them again. */
@Injectable()
export class DeadLettersService {
  private readonly logger = new Logger('DeadLetters');

  constructor(
    private readonly deadLetters: DeadLetterRepository,
    private readonly ingestions: IngestionRepository,
    private readonly queue: PriorityQueue,
    private readonly runtime: Runtime,
    private readonly audit: AuditTrail,
  ) {}

  /** See `DeadLetterRepository.list`. */
  list(filter: DeadLetterFilter, before: number | null, limit: number): Promise<DeadLetter[]> {
    return this.deadLetters.list(filter, before, limit);
  }

  /** See `DeadLetterRepository.countByKind`. */
  countByKind(maxPerKind: number): Promise<DeadLetterCounts> {
    return this.deadLetters.countByKind(maxPerKind);
  }

  /**
   * Sends every dead letter of an ingestion again. Resolves with their number.
   * @throws UnknownIngestionError, StoreUnavailableError
   */
  async redriveIngestion(ingestionId: string): Promise<number> {
    if ((await this.ingestions.findById(ingestionId)) === null) {
      throw new UnknownIngestionError(ingestionId);
    }
    return this.redrive({ ingestionId });
  }

  /**
   * Sends every matching dead letter again, except those that are added meanwhile. Resolves with their
   * number.
   * @throws StoreUnavailableError Ids that were requeued before the error stay requeued.
   */
  async redrive(filter: DeadLetterFilter): Promise<number> {
    const audit = this.audit.entry('redrive', {
      target: filter.ingestionId?.toLowerCase() ?? null,
      filter: toFilterJson(filter),
    });
    const upTo = await this.deadLetters.latestNumber();
    let redriven = 0;
    let step;
    do {
      step = await this.deadLetters.redrive(filter, upTo, REDRIVES_PER_STEP, audit);
      redriven += step;
      this.queue.notifyArrival();
      await this.runtime.nextTurn();
    } while (step === REDRIVES_PER_STEP);
    this.logger.log(`${String(redriven)} dead letters redriven (${JSON.stringify(filter)})`);
    return redriven;
  }
}

/** Returns the filter with the names of the API. */
function toFilterJson({ ingestionId, position, kind }: DeadLetterFilter): AuditFields {
  return { ingestion_id: ingestionId, position, kind };
}
