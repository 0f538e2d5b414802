import { BITS_PER_LEVEL, bucketOf, firstBucketUnder, LEVELS } from '../../shared/pending-levels.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

const SUM_OF_IDS = 'SELECT coalesce(sum(ids), 0) FROM waiting_sum WHERE';

/** SQL for the number of ids of a lane and rank that are pending and were never sent. */
export function pendingOfRank(laneNo: string, rank: string): string {
  return `(${SUM_OF_IDS} lane_no = ${laneNo} AND rank = ${rank} AND level = ${String(LEVELS)})`;
}

/** SQL for the number of ids of a lane that are scheduled for later: see `SCHEDULED_RANK_OFFSET`. */
export function scheduledIds(laneNo: string): string {
  return `(${SUM_OF_IDS} lane_no = ${laneNo} AND rank IN (3, 4, 5) AND level = ${String(LEVELS)})`;
}

/** SQL for how many of them precede `seq`: the whole buckets of each level, then single ingestions. */
export function pendingBefore(laneNo: string, rank: string, seq: string): string {
  const isOfRank = `lane_no = ${laneNo} AND rank = ${rank}`;
  const ofLevel = (level: number): string => `(
    ${SUM_OF_IDS} ${isOfRank} AND level = ${String(level)}
      ${level === LEVELS ? '' : `AND bucket >= ${firstBucketUnder(seq, level)}`} AND bucket < ${bucketOf(seq, level)}
  )`;
  return `(
    ${Array.from({ length: LEVELS }, (_, i) => ofLevel(LEVELS - i)).join(' + ')} + (
      SELECT coalesce(sum(total - taken), 0) FROM ingestion
      WHERE ${isOfRank} AND taken < total AND cancelled_at IS NULL
        AND seq >= ${firstBucketUnder(seq, 0)} AND seq < ${seq}
    )
  )`;
}

interface AcceptedIds {
  readonly laneNo: number;
  readonly rank: number;
  readonly seq: number;
  readonly ids: number;
}

interface Bucket extends Omit<AcceptedIds, 'seq'> {
  readonly level: number;
  readonly bucket: number;
}

/** Sums the ids of ingestions that are accepted together. */
export class PendingDelta {
  ids = 0;
  private readonly byBucket = new Map<string, Bucket>();

  add({ laneNo, rank, seq, ids }: AcceptedIds): void {
    this.ids += ids;
    for (let level = 1; level <= LEVELS; level++) {
      const bucket = Math.floor(seq / 2 ** (level * BITS_PER_LEVEL));
      const key = `${String(laneNo)} ${String(rank)} ${String(level)} ${String(bucket)}`;
      const before = this.byBucket.get(key)?.ids ?? 0;
      this.byBucket.set(key, { laneNo, rank, level, bucket, ids: before + ids });
    }
  }

  get buckets(): Iterable<Bucket> {
    return this.byBucket.values();
  }
}

/** Counts the pending ids in each bucket of ingestions. After the acceptance triggers update the sums. */
export class PendingCounters {
  private readonly addToBucket: PreparedStatement;

  constructor(database: SqliteDatabase) {
    this.addToBucket = database.prepare(`
      INSERT INTO waiting_sum (lane_no, rank, level, bucket, ids) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET ids = ids + excluded.ids
    `);
  }

  /** Adds accepted ids. It is part of the transaction that accepts them. */
  add({ buckets }: PendingDelta): void {
    for (const { laneNo, rank, level, bucket, ids } of buckets) {
      this.addToBucket.run(laneNo, rank, level, bucket, ids);
    }
  }
}
