import { QuietHours } from '../../src/domain/limits/quiet-hours.js';
import type { Timing } from './timing.js';

const HOUR_MS = 3_600_000;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const DAY_MS = HOURS.length * HOUR_MS;

/** Runs that begin at the same time share their quiet hours, because to compute them takes long. */
const computed = new Map<string, QuietHours>();

/** Quiet hours that begin in every hour of a run and last for two quanta. */
export class QuietTimes {
  private readonly fromMs: number;
  private readonly lengthMs: number;

  constructor({ quantumMs, quietOffsetMs }: Timing) {
    this.fromMs = 3 * quantumMs + quietOffsetMs;
    this.lengthMs = 2 * quantumMs;
  }

  /** Returns the time until they end, at this time since the begin of the run; zero or less outside of them. */
  leftMs(atMs: number): number {
    const sinceMs = (((atMs - this.fromMs) % HOUR_MS) + HOUR_MS) % HOUR_MS;
    return sinceMs < this.lengthMs ? this.lengthMs - sinceMs : 0;
  }

  /** Returns them as a lane has them. The run begins at the wall time `startMs`. */
  toQuietHours(startMs: number): QuietHours {
    const key = `${String(startMs)} ${String(this.fromMs)}`;
    const quietHours = computed.get(key) ?? this.compute(startMs);
    computed.set(key, quietHours);
    return quietHours;
  }

  private compute(startMs: number): QuietHours {
    return new QuietHours(
      HOURS.map((hour) => {
        const fromMs = (startMs + hour * HOUR_MS + this.fromMs) % DAY_MS;
        const toMs = (fromMs + this.lengthMs) % DAY_MS;
        return { days: EVERY_DAY, fromMs, toMs, timeZone: 'UTC' };
      }),
    );
  }
}
