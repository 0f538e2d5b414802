import type { StatementSync } from 'node:sqlite';
import type { PriorityRank } from '../../../domain/priority.js';
import type { SqliteDatabase } from '../database/database.js';

/**
 * A bucket of the first level covers 128 ingestions; one of each further level covers 128 buckets of the level below.
 */
const BITS_PER_LEVEL = 7;
const LEVELS = [1, 2, 3];

interface AcceptedIds {
  readonly laneNo: number;
  readonly rank: PriorityRank;
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
    for (const level of LEVELS) {
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
  private readonly addToBucket: StatementSync;

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
