import { Injectable } from '@nestjs/common';
import { toIngestionStatus, type Status } from '../../domain/batch-status.js';
import type { IngestionRecord, IngestionCursor } from '../../domain/ingestion.js';
import { IngestionRepository } from '../ingestion.repository.js';
import type { Priority } from '../../domain/priority.js';

/** A page looks at no more ingestions than this, however few of them match. */
export const MAX_SCANNED = 2000;
const SCANNED_PER_STEP = 250;

/** Which ingestions are meant; all of them where nothing is given. */
export interface IngestionFilter {
  readonly status?: Status;
  readonly priority?: Priority;
  readonly lane?: string;
  /** Whose. */
  readonly client?: string;
  /** Wall times in ms, both included. */
  readonly createdFromMs?: number;
  readonly createdToMs?: number;
}

export interface IngestionListPage {
  readonly ingestions: readonly IngestionRecord[];
  /** The next page begins behind it; null where nothing is left. */
  readonly next: IngestionCursor | null;
}

/** Lists ingestions, the newest first. */
@Injectable()
export class IngestionListService {
  constructor(private readonly repository: IngestionRepository) {}

  /**
   * At most `limit` that match, behind `after` (null: from the newest on). Its cost is bounded whatever there is: a
   * page may be short, even empty, and another one follow.
   * @throws StoreUnavailableError
   */
  async list(
    filter: IngestionFilter,
    after: IngestionCursor | null,
    limit: number,
  ): Promise<IngestionListPage> {
    const isWanted = toMatcher(filter);
    const ingestions: IngestionRecord[] = [];
    let place = startCursor(filter, after);
    for (let left = MAX_SCANNED; left > 0;) {
      const count = Math.min(left, isWanted === null ? limit - ingestions.length : SCANNED_PER_STEP);
      const found = await this.repository.findPreceding(
        place,
        filter.createdFromMs ?? 0,
        count,
        filter.client ?? null,
      );
      for (const head of found) {
        place = head;
        if (isWanted === null || isWanted(head)) {
          ingestions.push(head);
        }
        if (ingestions.length === limit) {
          return { ingestions, next: place };
        }
      }
      if (found.length < count) {
        return { ingestions, next: null };
      }
      left -= count;
    }
    return { ingestions, next: place };
  }
}

/** Null where every ingestion matches. */
function toMatcher({ status, priority, lane }: IngestionFilter): ((head: IngestionRecord) => boolean) | null {
  if (status === undefined && priority === undefined && lane === undefined) {
    return null;
  }
  return (head) =>
    (priority === undefined || head.priority === priority) &&
    (lane === undefined || head.lane === lane) &&
    (status === undefined || toIngestionStatus(head) === status);
}

function startCursor({ createdToMs }: IngestionFilter, after: IngestionCursor | null): IngestionCursor {
  const last: IngestionCursor = {
    createdAtMs: createdToMs ?? Number.MAX_SAFE_INTEGER,
    seq: Number.MAX_SAFE_INTEGER,
  };
  return after !== null && after.createdAtMs <= last.createdAtMs ? after : last;
}
