import type { StatementSync } from 'node:sqlite';
import { PRIORITY_RANKS, type PriorityRank } from '../../../domain/priority.js';
import {
  selectNextIds,
  type SelectionOptions,
  type Selection,
} from '../../../scheduler/queue/dispatch-order.js';
import { roundRobin, type ClientCandidate } from '../../../scheduler/queue/fair-share.js';
import { FairShareCursor } from './fair-share-cursor.js';
import type { SqliteDatabase } from '../database/database.js';

/** Ids that may be sent now, with the data needed to start or continue their batch. */
export interface PendingCandidate extends ClientCandidate {
  /** The batch of the ids: a started one for a retry, the ingestion's next one for new ids. */
  readonly batchNo: number;
  readonly failures: number;
}

interface PendingRow {
  seq: number;
  first: number;
  size: number;
  batch_no: number;
  failures: number;
  waiting_since: number;
  client: string | null;
}

const SELECT_NEW = `
  SELECT seq, taken AS first, total - taken AS size, batches AS batch_no,
         0 AS failures, accepted_time AS waiting_since, client
  FROM ingestion WHERE lane_no = :laneNo AND rank = :rank AND taken < total AND cancelled_at IS NULL ORDER BY seq
`;

const SELECT_DUE = `
  SELECT seq, position AS first, 1 AS size, batch_no, failures, due_time AS waiting_since, NULL AS client
  FROM retry WHERE lane_no = :laneNo AND rank = :rank AND due_time <= :now ORDER BY due_time, seq, position
`;

/** The statements of one rank. A statement has one cursor, and ranks are read in parallel, so each needs its own. */
interface RankStatements {
  readonly rank: PriorityRank;
  readonly selectNew: StatementSync;
  readonly selectDue: StatementSync;
}

/** Reads the queue in its order. A dispatch reads only the rows that it takes, whatever the backlog. */
export class PendingIds {
  private readonly ranks: readonly RankStatements[];
  private readonly fairShare: FairShareCursor;
  private readonly selectNextDue: StatementSync;

  constructor(database: SqliteDatabase) {
    this.ranks = PRIORITY_RANKS.map((rank) => ({
      rank,
      selectNew: database.prepare(SELECT_NEW),
      selectDue: database.prepare(SELECT_DUE),
    }));
    this.fairShare = new FairShareCursor(database);
    this.selectNextDue = database.prepare(
      'SELECT due_time FROM retry WHERE lane_no = :laneNo AND rank = :rank ORDER BY due_time LIMIT 1',
    );
  }

  /** Selects the ids that a lane sends next; the result is empty if none may be sent. */
  next(
    laneNo: number,
    { fairShare = false, ...terms }: SelectionOptions & { readonly fairShare?: boolean },
  ): Selection<PendingCandidate>[] {
    const streams = this.ranks.flatMap(({ rank, selectNew, selectDue }) => [
      candidates(selectDue.iterate({ laneNo, rank, now: terms.nowMs }), rank, true),
      fairShare
        ? this.nextFairShare(laneNo, rank)
        : candidates(selectNew.iterate({ laneNo, rank }), rank, false),
    ]);
    return selectNextIds(streams, terms);
  }

  private nextFairShare(laneNo: number, rank: PriorityRank): Iterable<PendingCandidate> {
    const clients = this.fairShare.clients(laneNo, rank);
    return roundRobin(clients.map((ingestions) => candidates(ingestions, rank, false)));
  }

  /** Milliseconds until the next retry is due; null if there is none. */
  nextDueInMs(laneNo: number, nowMs: number): number | null {
    const dueTimes = PRIORITY_RANKS.map(
      (rank) => this.selectNextDue.get({ laneNo, rank })?.['due_time'],
    ).filter((dueTime) => typeof dueTime === 'number');
    return dueTimes.length === 0 ? null : Math.min(...dueTimes) - nowMs;
  }
}

function* candidates(
  rows: Iterable<unknown>,
  rank: PriorityRank,
  isRetry: boolean,
): Generator<PendingCandidate, undefined> {
  for (const value of rows) {
    const row = value as PendingRow;
    yield {
      rank,
      isRetry,
      pendingSinceMs: row.waiting_since,
      seq: row.seq,
      first: row.first,
      size: row.size,
      batchNo: row.batch_no,
      failures: row.failures,
      client: row.client,
    };
  }
  return undefined;
}
