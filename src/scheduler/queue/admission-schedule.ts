import type { Clock } from '../../domain/clock.js';
import type { LaneOptions } from '../lanes/lane.options.js';
import { toAdmissionStep } from './claim-admission.js';
import type { QueueRepository } from './queue.repository.js';

/** Knows of each lane when its next scheduled list is due, as far as this process has read or accepted it. */
export class AdmissionSchedule {
  /** Monotonic times in ms. */
  private readonly dueAtMs = new Map<string, number>();

  constructor(
    private readonly repository: Pick<QueueRepository, 'admitDue'>,
    private readonly clock: Clock,
  ) {}

  /**
   * Admits one step of the scheduled lists that are due, as far as this process knows of them.
   * @throws StoreUnavailableError
   */
  async admitDue({ name, batchSize }: Pick<LaneOptions, 'name' | 'batchSize'>): Promise<void> {
    if (this.dueInMs(name) === 0) {
      this.observe(name, await this.repository.admitDue(name, toAdmissionStep(batchSize)));
    }
  }

  /** Records what the store says: the time until the next list is due in ms; null if none is scheduled. */
  observe(lane: string, scheduledInMs: number | null): void {
    if (scheduledInMs === null) {
      this.dueAtMs.delete(lane);
    } else {
      this.dueAtMs.set(lane, this.clock.monotonicMs() + scheduledInMs);
    }
  }

  /** Records that a list that is due in `inMs` was accepted. */
  add(lane: string, inMs: number): void {
    const dueAtMs = this.clock.monotonicMs() + inMs;
    this.dueAtMs.set(lane, Math.min(dueAtMs, this.dueAtMs.get(lane) ?? Infinity));
  }

  /** Returns the time until the next list of the lane is due in ms, 0 if it is due now; null if none is known. */
  dueInMs(lane: string): number | null {
    const dueAtMs = this.dueAtMs.get(lane);
    return dueAtMs === undefined ? null : Math.max(0, dueAtMs - this.clock.monotonicMs());
  }
}
