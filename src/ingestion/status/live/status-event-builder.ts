import type { MessageEvent } from '@nestjs/common';
import { toIngestionStatus, type Status } from '../../../domain/batch-status.js';
import type { HeldBy } from '../../../domain/held-by.js';
import { toHeldByResponse } from '../../../platform/openapi/held-by-response.dto.js';
import { toBatchStatus, toProgress } from '../dto/status.mapper.js';
import type { IngestionRecord } from '../../../domain/ingestion.js';
import type { BatchWithIds, StatusService } from '../status.service.js';
import { isTerminal, versionTag } from '../../../domain/ingestion-version.js';

/** Batches per read. */
const BATCHES_PER_STEP = 500;
/** A new stream reports at most this many started batches; the status shows all. */
const RECENT_BATCHES = 1000;
/** The id of the last event. After it there is nothing to resume. */
export const LAST_EVENT = 'done';

const EVENT_ID = /^(\d{1,8})$/;

/**
 * Builds the events of one ingestion for one client: the changes from one head to the next. The id of an event is the
 * number of the first batch that may still change. A client that resumes with it receives all batches from there on, so
 * a lost connection loses no event, and some events may be sent twice.
 */
export class StatusEventBuilder {
  private from: number | null;
  private readonly known = new Map<number, Status>();
  private last: IngestionRecord | null = null;
  /** The cause that was sent last, without the time of its end, which moves. */
  private lastCause = '';

  constructor(
    private readonly service: StatusService,
    private readonly heldByOf: (head: IngestionRecord) => Promise<HeldBy | null>,
    lastEventId: string | undefined,
  ) {
    const [, from] = EVENT_ID.exec(lastEventId ?? '') ?? [];
    this.from = from === undefined ? null : Number(from);
  }

  /** Returns no events if the head has not changed. */
  async next(head: IngestionRecord): Promise<MessageEvent[]> {
    const { last } = this;
    if (last !== null && versionTag(last) === versionTag(head)) {
      return [];
    }
    const status = toIngestionStatus(head);
    const before = String(this.from ?? firstReported(head));
    const batches = await this.changedBatches(head);
    this.last = head;
    return [
      ...(last === null || toIngestionStatus(last) !== status ? [event('status', before, { status })] : []),
      ...batches.map((batch) => event('batch', before, toBatchStatus(batch))),
      event('progress', String(this.from), toProgress(head)),
      ...(isTerminal(head) ? [] : await this.changedCause(head)),
      ...(isTerminal(head) ? [event('done', LAST_EVENT, { status })] : []),
    ];
  }

  /**
   * Returns an event if the cause for which the lane sends none of its ids is another one than before. The state of the
   * list does not change with it, so call it from time to time.
   */
  async nextCause(): Promise<MessageEvent[]> {
    return this.last === null || isTerminal(this.last) ? [] : this.changedCause(this.last);
  }

  private async changedCause(head: IngestionRecord): Promise<MessageEvent[]> {
    const heldBy = await this.heldByOf(head);
    const cause = heldBy === null ? '' : [heldBy.kind, heldBy.limit, heldBy.sinceMs].join(' ');
    if (cause === this.lastCause) {
      return [];
    }
    this.lastCause = cause;
    return [event('held_by', String(this.from), { held_by: toHeldByResponse(heldBy) })];
  }

  private async changedBatches(head: IngestionRecord): Promise<BatchWithIds[]> {
    const isRedriven = this.last !== null && head.failed < this.last.failed;
    let from = isRedriven ? 0 : (this.from ?? firstReported(head));
    const changed: BatchWithIds[] = [];
    let firstOpen: number | null = null;
    for (; from < head.batches; from += BATCHES_PER_STEP) {
      const { batches } = await this.service.findPage(
        head.ingestionId,
        from,
        Math.min(BATCHES_PER_STEP, head.batches - from),
      );
      for (const [i, batch] of batches.entries()) {
        const batchNo = from + i;
        if (batch.status === 'triggered' || batch.status === 'yet_to_start') {
          firstOpen ??= batchNo;
        }
        if (this.isNew(batchNo, batch.status, isRedriven)) {
          changed.push(batch);
        }
      }
    }
    this.advanceTo(firstOpen ?? head.batches);
    return changed;
  }

  /**
   * Returns true if a batch's status must be sent. Batches before `from` were sent when they finished; only a redrive
   * changes them.
   */
  private isNew(batchNo: number, status: Status, isRedriven: boolean): boolean {
    const isBefore = isRedriven && this.from !== null && batchNo < this.from;
    const isNew = isBefore ? status === 'triggered' : this.known.get(batchNo) !== status;
    this.known.set(batchNo, status);
    return isNew;
  }

  private advanceTo(from: number): void {
    this.from = from;
    for (const batchNo of this.known.keys()) {
      if (batchNo < from) {
        this.known.delete(batchNo);
      }
    }
  }
}

/** Returns the first batch of a stream that resumes nothing. */
function firstReported(head: IngestionRecord): number {
  return Math.max(0, head.batches - RECENT_BATCHES);
}

/**
 * Builds an event. Only the last event of a change carries the new id, so a client that received all of the change
 * resumes after it.
 */
function event(type: string, id: string, data: object): MessageEvent {
  return { type, id, data: JSON.stringify(data) };
}
