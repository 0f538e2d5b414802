import { PRIORITIES, rankOf, type Priority } from '../ingestion/priority.js';
import type { Clock } from '../time/clock.js';

/** From a second to some two hours. */
const SPANS_MS = Array.from({ length: 14 }, (_, i) => 1000 * 2 ** i);
/** To the shortest span this is a moment: what comes in it costs no reckoning. */
const MOMENT_MS = 50;
/** What came in spans from a sixteenth of a wait to its fourfold tells of it. */
const SHORTEST_OF_WAIT = 16;
const LONGEST_OF_WAIT = 4;
/** What takes more than half of what goes is a rush, and ends. */
const MOST_LATER = 0.5;

/** How many ids of each priority a lane lately accepted in this process, over spans of different lengths. */
export class RecentArrivals {
  /** By rank and span: each id weighs the less the longer ago it came, measured by the span. */
  private ids = PRIORITIES.map(() => SPANS_MS.map(() => 0));
  private fadedAtMs: number;

  constructor(private readonly clock: Clock) {
    this.fadedAtMs = clock.monotonicMs();
  }

  add(priority: Priority, ids: number): void {
    this.fade();
    const rank = rankOf(priority);
    this.ids[rank] = (this.ids[rank] ?? []).map((weight) => weight + ids);
  }

  /**
   * Of a wait, the share of what goes that is foreseen to be of higher priorities and to come only later: the least of
   * late, so that what has ended is not foreseen, and no more than can last.
   */
  laterShare(waitMs: number, priority: Priority, msPerId: number): number {
    this.fade();
    const higher = this.ids.slice(0, rankOf(priority));
    const shares = SPANS_MS.flatMap((spanMs, i) => {
      const ids = higher.reduce((sum, weights) => sum + (weights[i] ?? 0), 0);
      const isOfWait = spanMs >= waitMs / SHORTEST_OF_WAIT && spanMs < waitMs * LONGEST_OF_WAIT;
      return isOfWait ? [(ids * msPerId) / spanMs] : [];
    });
    return shares.length === 0 ? 0 : Math.min(MOST_LATER, ...shares);
  }

  private fade(): void {
    const nowMs = this.clock.monotonicMs();
    const passedMs = nowMs - this.fadedAtMs;
    if (passedMs < MOMENT_MS) {
      return;
    }
    this.fadedAtMs = nowMs;
    const shares = SPANS_MS.map((spanMs) => Math.exp(-passedMs / spanMs));
    this.ids = this.ids.map((weights) => weights.map((weight, i) => weight * (shares[i] ?? 0)));
  }
}
