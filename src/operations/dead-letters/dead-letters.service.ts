import { Injectable, Logger } from '@nestjs/common';
import type { AuditFields } from '../../domain/audit.js';
import { UnknownIngestionError } from '../../domain/ingestion-errors.js';
import { Runtime } from '../../domain/runtime.js';
import { IngestionRepository } from '../../ingestion/ingestion.repository.js';
import { mapPages } from '../../ingestion/map-pages.js';
import { AuditTrail } from '../../platform/telemetry/audit-trail.js';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import { PriorityQueue } from '../../scheduler/queue/priority-queue.js';
import { LaneNotInServiceError } from '../../scheduler/settings/lane-settings-errors.js';
import {
  DeadLetterRepository,
  type DeadLetter,
  type DeadLetterCounts,
  type DeadLetterCursor,
  type DeadLetterFilter,
  type RedriveFilter,
} from './dead-letter.repository.js';

/** Dead letters that are redriven in one transaction, which takes a few milliseconds. */
const REDRIVES_PER_STEP = 500;
/** Entries of an index that one step of a listing reads where not every entry may match. */
const SCANNED_PER_STEP = 1000;
/** The maximum that one page reads, however few of them match. */
const MAX_SCANNED = 5000;
/** The cursor before the newest dead letter. */
const NEWEST: DeadLetterCursor = { failedAtMs: Number.MAX_SAFE_INTEGER, deadLetterNo: 0 };

export interface DeadLetterListPage {
  readonly letters: readonly DeadLetter[];
  /** The cursor after which the next page starts; null on the last page. */
  readonly next: DeadLetterCursor | null;
}

/** Lists ids that failed for good, and sends them again. */
@Injectable()
export class DeadLettersService {
  private readonly logger = new Logger('DeadLetters');

  constructor(
    private readonly deadLetters: DeadLetterRepository,
    private readonly ingestions: IngestionRepository,
    private readonly queue: PriorityQueue,
    private readonly lanes: LaneRegistry,
    private readonly runtime: Runtime,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Lists at most `limit` matching dead letters after the cursor (null: from the newest on). Its cost is bounded: a page may
   * be short or even empty and still have a next page.
   * @throws StoreUnavailableError
   */
  async list(
    filter: DeadLetterFilter,
    before: DeadLetterCursor | null,
    limit: number,
  ): Promise<DeadLetterListPage> {
    const found: DeadLetterCursor[] = [];
    const hasOneProperty = countProperties(filter) <= 1;
    let next = before;
    for (let left = MAX_SCANNED; left > 0;) {
      const count = hasOneProperty ? limit - found.length : Math.min(left, SCANNED_PER_STEP);
      const step = await this.deadLetters.scan(filter, next, count);
      found.push(...step.found);
      next = step.next;
      if (next === null || found.length >= limit) {
        break;
      }
      left -= count;
      await this.runtime.nextTurn();
    }
    const shown = found.slice(0, limit);
    const letters = await this.deadLetters.read(shown.map(({ deadLetterNo }) => deadLetterNo));
    return { letters, next: found.length > limit ? (shown.at(-1) ?? null) : next };
  }

  /** Yields what `map` makes of each page of all that match, the newest first, see `mapPages`. */
  mapPages<T>(
    filter: DeadLetterFilter,
    after: DeadLetterCursor | null,
    limit: number,
    map: (letters: readonly DeadLetter[]) => T,
  ): AsyncGenerator<T, void> {
    return mapPages(
      this.runtime,
      after ?? NEWEST,
      (before: DeadLetterCursor) => this.list(filter, before, limit),
      ({ letters }) => map(letters),
    );
  }

  /** See `DeadLetterRepository.countByKind`. */
  countByKind(maxPerKind: number): Promise<DeadLetterCounts> {
    return this.deadLetters.countByKind(maxPerKind);
  }

  /**
   * Sends every dead letter of an ingestion again. Resolves with their number.
   * @throws UnknownIngestionError, LaneNotInServiceError, StoreUnavailableError
   */
  async redriveIngestion(ingestionId: string): Promise<number> {
    const ingestion = await this.ingestions.findById(ingestionId);
    if (ingestion === null) {
      throw new UnknownIngestionError(ingestionId);
    }
    if (!this.lanes.acceptingNames.includes(ingestion.lane)) {
      throw new LaneNotInServiceError(ingestion.lane);
    }
    return this.redrive({ ingestionId });
  }

  /**
   * Sends every matching dead letter again, except those that are added meanwhile and those of lanes that take no ids.
   * Resolves with their number.
   * @throws StoreUnavailableError Ids that were requeued before the error stay requeued.
   */
  async redrive(filter: RedriveFilter): Promise<number> {
    const audit = this.audit.entry('redrive', {
      target: filter.ingestionId?.toLowerCase() ?? null,
      filter: toFilterJson(filter),
    });
    const inService = { ...filter, lanes: this.lanes.acceptingNames };
    const upTo = await this.deadLetters.latestNumber();
    let redriven = 0;
    let step;
    do {
      step = await this.deadLetters.redrive(inService, upTo, REDRIVES_PER_STEP, audit);
      redriven += step;
      this.queue.notifyArrival();
      await this.runtime.nextTurn();
    } while (step === REDRIVES_PER_STEP);
    this.logger.log(`${String(redriven)} dead letters redriven (${JSON.stringify(filter)})`);
    return redriven;
  }
}

/** Returns the filter with the names of the API. */
function toFilterJson({ ingestionId, position, kind }: RedriveFilter): AuditFields {
  return { ingestion_id: ingestionId, position, kind };
}

/** Returns the number of properties that the filter compares; one is answered by an index alone. */
function countProperties(filter: DeadLetterFilter): number {
  const others = Object.keys(filter).filter(
    (name) => !['failedFromMs', 'failedBeforeMs', 'labels'].includes(name),
  );
  return others.length + Object.keys(filter.labels ?? {}).length;
}
