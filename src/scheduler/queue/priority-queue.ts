import { Injectable } from '@nestjs/common';
import { merge, Subject, type Observable } from 'rxjs';
import type { Lane } from '../lanes/lane.js';
import { SchedulerOptions } from '../scheduler.options.js';
import { QueueRepository, type ClaimResult } from './queue.repository.js';

/**
 * The queue of pending ids, of all lanes. It holds no ids: the store is the queue, and the next ones are claimed from
 * there. It also carries the hint that ids have arrived.
 */
@Injectable()
export class PriorityQueue {
  private readonly arrivalsByLane = new Map<string, Subject<void>>();
  private readonly arrivalsAnywhere = new Subject<void>();

  constructor(
    private readonly repository: QueueRepository,
    private readonly options: SchedulerOptions,
  ) {}

  /** Emits when ids may have arrived in this lane. It is a hint: it may come early, or not at all. */
  arrivals(lane: Lane): Observable<void> {
    return merge(this.arrivalsIn(lane), this.arrivalsAnywhere, this.repository.arrivals);
  }

  /** Tells the dispatcher that ids have arrived in this lane; in any lane where none is named. */
  notifyArrival(lane?: Lane): void {
    const arrivals = lane === undefined ? this.arrivalsAnywhere : this.arrivalsIn(lane);
    arrivals.next();
  }

  /**
   * Claims the next dispatch of a lane, if ids are due and its slot is open. The call may begin at once.
   * @throws StoreUnavailableError
   */
  claim({ options: { name, batchSize, batchDelayMs } }: Lane): Promise<ClaimResult> {
    const { leaseMs, agingMs, fairShare } = this.options;
    return this.repository.claim({
      lane: name,
      batchSize,
      delayMs: batchDelayMs,
      leaseMs,
      agingMs,
      fairShare,
    });
  }
  private arrivalsIn({ name }: Lane): Subject<void> {
    let arrivals = this.arrivalsByLane.get(name);
    if (arrivals === undefined) {
      arrivals = new Subject();
      this.arrivalsByLane.set(name, arrivals);
    }
    return arrivals;
  }
}
