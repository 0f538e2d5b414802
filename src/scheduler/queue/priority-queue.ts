import { Injectable } from '@nestjs/common';
import { merge, Subject, type Observable } from 'rxjs';
import type { ClaimedDispatch, Outcome } from '../../domain/dispatch.js';
import { DispatchStore, type Claim, type ClaimTerms } from './queue.repository.js';

/**
 * The queue of the ids that wait in a lane. It holds none of them: the store is the queue, and this is the gate's way into it. Every
 * method throws `StoreUnavailableError` as the store does.
 */
@Injectable()
export class PriorityQueue {
  private readonly announced = new Subject<void>();

  constructor(
    private readonly store: DispatchStore,
    private readonly terms: ClaimTerms,
  ) {}

  get lane(): string {
    return this.terms.lane;
  }

  /** Emits when ids may have come to wait. A hint, never a promise: it may be early, or missing. */
  get arrived(): Observable<void> {
    return merge(this.announced, this.store.arrivals);
  }

  /** Tells whoever dispatches that ids have come to wait. */
  announce(): void {
    this.announced.next();
  }

  /** Claims the next dispatch, if there is one and its slot is open. Its call may begin at once. */
  claim(): Promise<Claim> {
    return this.store.claim(this.terms);
  }

  /** See `DispatchStore.mayLeave`. */
  mayLeave(dispatch: ClaimedDispatch): Promise<boolean> {
    return this.store.mayLeave(dispatch);
  }

  /** See `DispatchStore.callLeft`. */
  callLeft(dispatch: ClaimedDispatch): void {
    this.store.callLeft(dispatch);
  }

  /** See `DispatchStore.hold`. */
  hold(forMs: number): Promise<void> {
    return this.store.hold(this.terms.lane, forMs);
  }

  /** See `DispatchStore.settle`. */
  settle(dispatch: ClaimedDispatch, outcomes: readonly Outcome[]): Promise<boolean> {
    return this.store.settle(dispatch, outcomes);
  }

  /** See `DispatchStore.release`. */
  release(dispatch: ClaimedDispatch): Promise<boolean> {
    return this.store.release(dispatch);
  }

  /** See `DispatchStore.renew`. */
  renew(dispatches: readonly ClaimedDispatch[]): Promise<void> {
    return this.store.renew(dispatches, this.terms.leaseMs);
  }

  /** See `DispatchStore.takeOverLapsed`. */
  takeOverLapsed(): Promise<string[]> {
    return this.store.takeOverLapsed();
  }
}
