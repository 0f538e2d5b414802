import { Injectable } from '@nestjs/common';
import { toIngestionStatus, type Status } from '../../domain/batch-status.js';
import type { IngestionRecord, IngestionCursor } from '../../domain/ingestion.js';
import { formatLabel, type Labels } from '../../domain/labels.js';
import { Runtime } from '../../domain/runtime.js';
import { IngestionRepository, type IngestionIndexFilter } from '../ingestion.repository.js';
import type { Priority } from '../../domain/priority.js';

/** Maximum number of ingestions that one page reads, however few of them match. */
export const MAX_SCANNED = 2000;
const SCANNED_PER_STEP = 250;
/** The cursor before the newest ingestion. */
export const NEWEST: IngestionCursor = {
  createdAtMs: Number.MAX_SAFE_INTEGER,
  listedSeq: Number.MAX_SAFE_INTEGER,
};

/** Selects ingestions; without fields it selects all. */
export interface IngestionFilter {
  readonly status?: Status;
  readonly priority?: Priority;
  readonly lane?: string;
  /** The client that owns the ingestions. */
  readonly client?: string;
  /** The beginning or the end of the ingestion id, in lower case. */
  readonly idPart?: string;
  /** The ingestions have all of these labels. */
  readonly labels?: Labels;
  /** Wall times in ms, both inclusive. */
  readonly createdFromMs?: number;
  readonly createdToMs?: number;
}

export interface IngestionListPage {
  readonly ingestions: readonly IngestionRecord[];
  /** The cursor after which the next page starts; null on the last page. */
  readonly next: IngestionCursor | null;
}

/** Lists ingestions, the newest first. */
@Injectable()
export class IngestionListService {
  constructor(
    private readonly repository: IngestionRepository,
    private readonly runtime: Runtime,
  ) {}

  /**
   * Returns at most `limit` matching ingestions after the cursor `after` (null: from the newest on). Its cost is
   * bounded, and other requests are served between its steps: a page may be short or even empty and still have a next page.
   * @throws StoreUnavailableError where the store fails
   */
  async list(
    filter: IngestionFilter,
    after: IngestionCursor | null,
    limit: number,
  ): Promise<IngestionListPage> {
    const isWanted = toMatcher(filter);
    const indexFilter = await this.toIndexFilter(filter);
    const ingestions: IngestionRecord[] = [];
    let place = startCursor(filter, after);
    for (let left = MAX_SCANNED; left > 0;) {
      const count = Math.min(left, isWanted === null ? limit - ingestions.length : SCANNED_PER_STEP);
      const found = await this.repository.findPreceding(place, filter.createdFromMs ?? 0, count, indexFilter);
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
      if (left > 0) {
        await this.runtime.nextTurn(); // an embedded store answers at once, so nothing else would run meanwhile
      }
    }
    return { ingestions, next: place };
  }

  private async toIndexFilter({ client, labels = {} }: IngestionFilter): Promise<IngestionIndexFilter> {
    return {
      client: client ?? null,
      label: await this.rarest(Object.entries(labels).map(formatLabel)),
    };
  }

  /** Returns the label that the fewest ingestions have, as far as that makes a difference for a page; null if none is given. */
  private async rarest(labels: readonly string[]): Promise<string | null> {
    const [first = null] = labels;
    if (labels.length <= 1) {
      return first;
    }
    const counts = await this.repository.countLabelled(labels, MAX_SCANNED);
    return labels[counts.indexOf(Math.min(...counts))] ?? first;
  }
}

/** Returns null if every ingestion matches. */
function toMatcher({
  status,
  priority,
  lane,
  idPart,
  labels = {},
}: IngestionFilter): ((head: IngestionRecord) => boolean) | null {
  const wantedLabels = Object.entries(labels);
  // The index selects one label.
  if ([status, priority, lane, idPart].every((each) => each === undefined) && wantedLabels.length <= 1) {
    return null;
  }
  return (head) =>
    (idPart === undefined || head.ingestionId.startsWith(idPart) || head.ingestionId.endsWith(idPart)) &&
    (priority === undefined || head.priority === priority) &&
    (lane === undefined || head.lane === lane) &&
    wantedLabels.every(([name, value]) => head.labels?.[name] === value) &&
    (status === undefined || toIngestionStatus(head) === status);
}

function startCursor({ createdToMs }: IngestionFilter, after: IngestionCursor | null): IngestionCursor {
  const last = { ...NEWEST, ...(createdToMs !== undefined && { createdAtMs: createdToMs }) };
  return after !== null && after.createdAtMs <= last.createdAtMs ? after : last;
}
