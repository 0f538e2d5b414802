import type { SqliteDatabase } from '../database/database.js';
import { ExpiringIngestions } from './expiring-ingestions.js';
import { ScheduledIngestions } from './scheduled-ingestions.js';
import type { Timestamps } from './write-transitions.js';

/** The times of lists: when they fall due, and when they expire. */
export class ListTimes {
  readonly schedule: ScheduledIngestions;
  readonly expiry: ExpiringIngestions;

  constructor(
    database: SqliteDatabase,
    /** Cancels a list that has expired; returns false if it needs a further step. */
    private readonly expire: (ingestionId: Uint8Array, limit: number) => boolean,
  ) {
    this.schedule = new ScheduledIngestions(database);
    this.expiry = new ExpiringIngestions(database);
  }

  /** Returns the time until the next list of the lane is due, and until the next one expires. */
  next(laneNo: number, nowMs: number): { scheduledInMs: number | null; expiresInMs: number | null } {
    return {
      scheduledInMs: toInMs(this.schedule.nextDueTime(laneNo), nowMs),
      expiresInMs: toInMs(this.expiry.nextTime(laneNo), nowMs),
    };
  }

  /** Does the work of `QueueRepository.admitDue` as part of a transaction. */
  applyDue(laneNo: number, timestamps: Timestamps, limit: number): number | null {
    const { schedule, expiry } = this;
    const { nowMs } = timestamps;
    const isMoreExpired = expiry.expireStep(laneNo, nowMs, limit, (id) => this.expire(id, limit));
    const isMoreDue = !isMoreExpired && schedule.admit(laneNo, timestamps, limit);
    return isMoreExpired || isMoreDue
      ? 0
      : toInMs(Math.min(schedule.nextDueTime(laneNo), expiry.nextTime(laneNo)), nowMs);
  }
}

/** Returns the time from now until a store time; null for Infinity. */
function toInMs(time: number, nowMs: number): number | null {
  return time === Infinity ? null : time - nowMs;
}
