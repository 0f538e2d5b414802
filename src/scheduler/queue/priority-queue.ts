import { Injectable } from '@nestjs/common';
import { filter, merge, Subject, type Observable } from 'rxjs';
import type { Lane } from '../lanes/lane.js';
import { SchedulerOptions } from '../scheduler.options.js';
import { QueueRepository, type ClaimResult } from './queue.repository.js';

/** Stands for every lane among the arrivals. */
const ALL_LANES = null;

/**
 * The queue of pending ids, of all lanes. It holds no ids: the store is the queue, and the next ones are claimed from
 * there. It also carries the hint that ids have arrived.
 */
@Injectable()
export class PriorityQueue {
  private readonly localArrivals = new Subject<Lane | typeof ALL_LANES>();

  constructor(
    private readonly repository: QueueRepository,
    private readonly options: SchedulerOptions,
  ) {}

  /** Emits when ids may have arrived in this lane. It is a hint: it may come early, or not at all. */
  arrivals(lane: Lane): Observable<unknown> {
    const ofLane = this.localArrivals.pipe(filter((arrived) => arrived === lane || arrived === ALL_LANES));
    return merge(ofLane, this.repository.arrivals);
  }

  /** Tells the dispatcher that ids have arrived in this lane; in any lane where none is named. */
  notifyArrival(lane: Lane | typeof ALL_LANES = ALL_LANES): void {
    this.localArrivals.next(lane);
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
}
