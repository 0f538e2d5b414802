import { Injectable } from '@nestjs/common';
import { merge, Subject, type Observable } from 'rxjs';
import type { ClaimedDispatch, Outcome } from '../../domain/dispatch.js';
import { QueueRepository, type ClaimResult, type ClaimOptions } from './queue.repository.js';

/**
 * The queue of the ids that wait in a lane. It holds none of them: the store is the queue, and this is the gate's way into it. Every
 * method throws `StoreUnavailableError` as the store does.
 */
@Injectable()
export class PriorityQueue {
  private readonly arrivals = new Subject<void>();

  constructor(
    private readonly repository: QueueRepository,
    private readonly options: ClaimOptions,
  ) {}

  get lane(): string {
    return this.options.lane;
  }

  /** Emits when ids may have come to wait. A hint, never a promise: it may be early, or missing. */
  get arrival(): Observable<void> {
    return merge(this.arrivals, this.repository.arrivals);
  }

  /** Tells whoever dispatches that ids have come to wait. */
  notifyArrival(): void {
    this.arrivals.next();
  }

  /** Claims the next dispatch, if there is one and its slot is open. Its call may begin at once. */
  claim(): Promise<ClaimResult> {
    return this.repository.claim(this.options);
  }

  /** See `QueueRepository.awaitSendSlot`. */
  awaitSendSlot(dispatch: ClaimedDispatch): Promise<boolean> {
    return this.repository.awaitSendSlot(dispatch);
  }

  /** See `QueueRepository.recordSent`. */
  recordSent(dispatch: ClaimedDispatch): void {
    this.repository.recordSent(dispatch);
  }

  /** See `QueueRepository.holdLane`. */
  holdLane(forMs: number): Promise<void> {
    return this.repository.holdLane(this.options.lane, forMs);
  }

  /** See `QueueRepository.settle`. */
  settle(dispatch: ClaimedDispatch, outcomes: readonly Outcome[]): Promise<boolean> {
    return this.repository.settle(dispatch, outcomes);
  }

  /** See `QueueRepository.release`. */
  release(dispatch: ClaimedDispatch): Promise<boolean> {
    return this.repository.release(dispatch);
  }

  /** See `QueueRepository.updateLeases`. */
  renewLeases(dispatches: readonly ClaimedDispatch[]): Promise<void> {
    return this.repository.renewLeases(dispatches, this.options.leaseMs);
  }

  /** See `QueueRepository.reclaimExpired`. */
  reclaimExpired(): Promise<string[]> {
    return this.repository.reclaimExpired();
  }
}
