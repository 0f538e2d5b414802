import { Injectable } from '@nestjs/common';
import { toIngestionStatus, type Status } from '../../domain/batch-status.js';
import type { IngestionRecord, IngestionCursor } from '../../domain/ingestion.js';
import { IngestionRepository } from '../ingestion.repository.js';
import type { Priority } from '../../domain/priority.js';

/** A page looks at no more ingestions than this, however few of them match. */
export const MOST_LOOKED_AT = 2000;
const LOOKED_AT_ONCE = 250;

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
  readonly heads: readonly IngestionRecord[];
  /** The next page begins behind it; null where nothing is left. */
  readonly next: IngestionCursor | null;
}

/** Lists ingestions, the newest first. */
@Injectable()
export class IngestionSurvey {
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
    const isWanted = matcherOf(filter);
    const heads: IngestionRecord[] = [];
    let place = beginning(filter, after);
    for (let left = MOST_LOOKED_AT; left > 0;) {
      const count = Math.min(left, isWanted === null ? limit - heads.length : LOOKED_AT_ONCE);
      const found = await this.repository.findBefore(
        place,
        filter.createdFromMs ?? 0,
        count,
        filter.client ?? null,
      );
      for (const head of found) {
        place = head;
        if (isWanted === null || isWanted(head)) {
          heads.push(head);
        }
        if (heads.length === limit) {
          return { heads, next: place };
        }
      }
      if (found.length < count) {
        return { heads, next: null };
      }
      left -= count;
    }
    return { heads, next: place };
  }
}

/** Null where every ingestion matches. */
function matcherOf({ status, priority, lane }: IngestionFilter): ((head: IngestionRecord) => boolean) | null {
  if (status === undefined && priority === undefined && lane === undefined) {
    return null;
  }
  return (head) =>
    (priority === undefined || head.priority === priority) &&
    (lane === undefined || head.lane === lane) &&
    (status === undefined || toIngestionStatus(head) === status);
}

function beginning({ createdToMs }: IngestionFilter, after: IngestionCursor | null): IngestionCursor {
  const last: IngestionCursor = {
    createdAtMs: createdToMs ?? Number.MAX_SAFE_INTEGER,
    seq: Number.MAX_SAFE_INTEGER,
  };
  return after !== null && after.createdAtMs <= last.createdAtMs ? after : last;
}
