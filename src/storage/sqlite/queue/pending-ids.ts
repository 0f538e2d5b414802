import { parse } from 'uuid';
import { PRIORITY_RANKS, type PriorityRank } from '../../../domain/priority.js';
import type { Candidate, PendingStreams } from '../../../scheduler/queue/queue.repository.js';
import { toCandidate, type CandidateRow } from '../../shared/rows/candidate-row.js';
import { FairShareCursor } from './fair-share-cursor.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

const SELECT_NEW = `
  SELECT seq, taken AS first, total - taken AS size, batches AS batch_no,
         0 AS failures, accepted_time AS waiting_since, client, units
  FROM ingestion WHERE lane_no = :laneNo AND rank = :rank AND taken < total AND cancelled_at IS NULL ORDER BY seq
`;

const RETRY_COLUMNS = `
  seq, position AS first, 1 AS size, batch_no, failures, due_time AS waiting_since, NULL AS client,
  (SELECT units FROM ingestion WHERE ingestion.seq = retry.seq) AS units,
  kept_dispatch_id, kept_place, kept_size
`;

const SELECT_DUE = `
  SELECT ${RETRY_COLUMNS}
  FROM retry WHERE lane_no = :laneNo AND rank = :rank AND due_time <= :now ORDER BY due_time, seq, position
`;

/** The statements of one rank. A statement has one cursor, and ranks are read in parallel, so each needs its own. */
interface RankStatements {
  readonly rank: PriorityRank;
  readonly selectNew: PreparedStatement<CandidateRow>;
  readonly selectDue: PreparedStatement<CandidateRow>;
}

/** Reads the pending ids of a lane as sorted streams. A row is read when its stream reaches it, so a claim reads what it takes. */
export class PendingIds {
  private readonly ranks: readonly RankStatements[];
  private readonly fairShare: FairShareCursor;
  private readonly selectRepeated: PreparedStatement<CandidateRow & { readonly rank: PriorityRank }>;
  private readonly selectNextDue: PreparedStatement<{ due_time: number }>;

  constructor(private readonly database: SqliteDatabase) {
    this.ranks = PRIORITY_RANKS.map((rank) => ({
      rank,
      selectNew: database.prepare(SELECT_NEW),
      selectDue: database.prepare(SELECT_DUE),
    }));
    this.fairShare = new FairShareCursor(database);
    this.selectRepeated = database.prepare(`
      SELECT rank, ${RETRY_COLUMNS} FROM retry
      WHERE kept_dispatch_id = :dispatchId AND lane_no = :laneNo ORDER BY kept_place
    `);
    this.selectNextDue = database.prepare(
      'SELECT due_time FROM retry WHERE lane_no = :laneNo AND rank = :rank AND due_time > :afterMs ORDER BY due_time LIMIT 1',
    );
  }

  /** Returns the streams of a lane. They read when they are iterated. */
  streams(laneNo: number, nowMs: number, { isFairShare }: { readonly isFairShare: boolean }): PendingStreams {
    return {
      nowMs,
      streams: this.ranks.flatMap(({ rank, selectNew, selectDue }) => [
        this.candidates(() => selectDue.iterate({ laneNo, rank, now: nowMs }), rank, true),
        ...(isFairShare ? [] : [this.candidates(() => selectNew.iterate({ laneNo, rank }), rank, false)]),
      ]),
      clientStreams: isFairShare ? this.ranks.map(({ rank }) => this.clients(laneNo, rank)) : [],
      isTruncated: () => false,
    };
  }

  /** Returns the ids that keep a key of one of these dispatches, in the order of their places. */
  repeated(laneNo: number, dispatchIds: readonly string[]): Candidate[] {
    return dispatchIds.flatMap((dispatchId) =>
      this.selectRepeated
        .all({ laneNo, dispatchId: parse(dispatchId) })
        .map((row) => toCandidate(row, row.rank, true)),
    );
  }

  /** Milliseconds until the next retry that is due after store time `afterMs` is due; null if there is none. */
  nextDueInMs(laneNo: number, nowMs: number, afterMs = -1): number | null {
    const dueTimes = PRIORITY_RANKS.map(
      (rank) => this.selectNextDue.get({ laneNo, rank, afterMs })?.due_time,
    ).filter((dueTime) => dueTime !== undefined);
    return dueTimes.length === 0 ? null : Math.min(...dueTimes) - nowMs;
  }

  private *clients(laneNo: number, rank: PriorityRank): Generator<Iterable<Candidate>, undefined> {
    try {
      for (const lists of this.fairShare.clients(laneNo, rank)) {
        yield this.candidates(() => lists, rank, false);
      }
      return undefined;
    } catch (error) {
      return this.fail(error);
    }
  }

  private *candidates(
    open: () => Iterable<CandidateRow>,
    rank: PriorityRank,
    isRetry: boolean,
  ): Generator<Candidate, undefined> {
    try {
      for (const row of open()) {
        yield toCandidate(row, rank, isRetry);
      }
      return undefined;
    } catch (error) {
      return this.fail(error);
    }
  }

  /** Throws the error as every read of the store does. */
  private fail(error: unknown): never {
    return this.database.read(() => {
      throw error;
    });
  }
}
