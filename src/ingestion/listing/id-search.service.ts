import { Injectable } from '@nestjs/common';
import type { IngestionCursor, IngestionRecord } from '../../domain/ingestion.js';
import { Runtime } from '../../domain/runtime.js';
import { IngestionRepository } from '../ingestion.repository.js';
import { NEWEST } from './ingestion-list.service.js';
import { ResultRepository, type IdPosition, type PositionRange } from '../results/result.repository.js';

/** Ids and ingestions that one request reads at most. */
export const MAX_IDS_SEARCHED = 2_000_000;
export const MAX_INGESTIONS_SEARCHED = 10_000;
/** The same for one statement of the store: other requests run between two. */
const IDS_PER_STEP = 100_000;
const INGESTIONS_PER_STEP = 500;

/** The position at which a search goes on. */
export interface IdSearchCursor {
  /** The ingestions before this one are still to be read. */
  readonly place: IngestionCursor;
  /** The first of them, if a part of it was read: its number, and the position from which on it was not. */
  readonly inside: { readonly listedSeq: number; readonly from: number } | null;
}

/** An ingestion that has the id. */
export interface FoundId {
  readonly ingestion: IngestionRecord;
  readonly position: number;
}

export interface IdSearchPage {
  /** The newest ingestions first, and in each the positions in order. */
  readonly found: readonly FoundId[];
  readonly searchedIds: number;
  readonly searchedIngestions: number;
  /** The wall time of acceptance of the last ingestion that was read; null if none was. */
  readonly searchedToMs: number | null;
  /** Null if all ingestions were read. */
  readonly next: IdSearchCursor | null;
}

/** The ids that one statement reads. */
interface Step {
  readonly ingestions: readonly IngestionRecord[];
  readonly ranges: readonly PositionRange[];
  readonly next: IdSearchCursor;
}

/** Finds the ingestions that have an id, by reading the ids of all of them: an index of every id would slow acceptance. */
@Injectable()
export class IdSearchService {
  constructor(
    private readonly ingestions: IngestionRepository,
    private readonly results: ResultRepository,
    private readonly runtime: Runtime,
  ) {}

  /**
   * Searches the newest ingestions first, from `after` on, until `limit` are found or a bounded number of ids was read.
   * With a client it searches only its own ingestions.
   * @throws StoreUnavailableError where the store fails
   */
  async search(
    packedId: Uint8Array,
    after: IdSearchCursor | null,
    limit: number,
    client: string | null,
  ): Promise<IdSearchPage> {
    let cursor = after ?? { place: NEWEST, inside: null };
    const found: FoundId[] = [];
    let searchedIds = 0;
    let searchedIngestions = 0;
    let searchedToMs: number | null = null;
    while (searchedIds < MAX_IDS_SEARCHED && searchedIngestions < MAX_INGESTIONS_SEARCHED) {
      await this.runtime.nextTurn();
      const step = await this.readStep(cursor, client);
      const last = step.ingestions.at(-1);
      if (last === undefined) {
        return { found, searchedIds, searchedIngestions, searchedToMs, next: null };
      }
      const positions = await this.findPositions(packedId, step, limit - found.length);
      const bySeq = new Map(step.ingestions.map((ingestion) => [ingestion.seq, ingestion]));
      for (const { seq, position } of positions) {
        const ingestion = bySeq.get(seq);
        if (ingestion !== undefined) {
          found.push({ ingestion, position });
        }
      }
      searchedIds += step.ranges.reduce((sum, { from, to }) => sum + to - from, 0);
      searchedIngestions += step.ingestions.length;
      searchedToMs = last.createdAtMs;
      const lastFound = positions.at(-1);
      if (found.length >= limit && lastFound !== undefined) {
        cursor = cursorBehind(step.ingestions, lastFound.seq, lastFound.position + 1, cursor.place);
        return { found, searchedIds, searchedIngestions, searchedToMs, next: cursor };
      }
      cursor = step.next;
    }
    return { found, searchedIds, searchedIngestions, searchedToMs, next: cursor };
  }

  /** Finds the id in a step. A list that has fallen due since its step was read has another number, so it is read again. */
  private async findPositions(
    packedId: Uint8Array,
    { ingestions, ranges }: Step,
    limit: number,
  ): Promise<IdPosition[]> {
    const positions = await this.results.findPositions(packedId, ranges, limit);
    const seqNow = await this.findMoved(ingestions.filter(({ isScheduled }) => isScheduled));
    if (seqNow.size === 0) {
      return positions;
    }
    const seqBefore = new Map([...seqNow].map(([before, now]) => [now, before]));
    const again = await this.results.findPositions(
      packedId,
      ranges.map((range) => ({ ...range, seq: seqNow.get(range.seq) ?? range.seq })),
      limit,
    );
    return again.map(({ seq, position }) => ({ seq: seqBefore.get(seq) ?? seq, position }));
  }

  /** Returns the numbers that scheduled lists have got since they were read, by those that they had. */
  private async findMoved(scheduled: readonly IngestionRecord[]): Promise<ReadonlyMap<number, number>> {
    if (scheduled.length === 0) {
      return new Map();
    }
    const now = await this.ingestions.findMany(scheduled.map(({ ingestionId }) => ingestionId));
    const seqById = new Map(now.map(({ ingestionId, seq }) => [ingestionId, seq]));
    return new Map(
      scheduled.flatMap(({ ingestionId, seq: before }) => {
        const seq = seqById.get(ingestionId) ?? before;
        return seq === before ? [] : [[before, seq]];
      }),
    );
  }

  /** Selects the ids of one statement: several short lists, or a part of a long one. */
  private async readStep({ place, inside }: IdSearchCursor, client: string | null): Promise<Step> {
    const preceding = await this.ingestions.findPreceding(place, 0, INGESTIONS_PER_STEP, {
      client,
      label: null,
    });
    const ingestions: IngestionRecord[] = [];
    const ranges: PositionRange[] = [];
    let left = IDS_PER_STEP;
    let next: IdSearchCursor = { place, inside };
    for (const ingestion of preceding) {
      const { seq, listedSeq, total } = ingestion;
      const from = inside?.listedSeq === listedSeq ? inside.from : 0;
      const to = Math.min(total, from + left);
      ingestions.push(ingestion);
      if (to > from) {
        ranges.push({ seq, from, to });
      }
      left -= to - from;
      if (to < total) {
        return { ingestions, ranges, next: { place: next.place, inside: { listedSeq, from: to } } };
      }
      next = { place: ingestion, inside: null };
      if (left === 0) {
        break;
      }
    }
    return { ingestions, ranges, next };
  }
}

/** Returns the cursor that goes on in the ingestion `seq` at position `from`. */
function cursorBehind(
  ingestions: readonly IngestionRecord[],
  seq: number,
  from: number,
  start: IngestionCursor,
): IdSearchCursor {
  const at = ingestions.findIndex((ingestion) => ingestion.seq === seq);
  return {
    place: ingestions[at - 1] ?? start,
    inside: { listedSeq: ingestions[at]?.listedSeq ?? seq, from },
  };
}
