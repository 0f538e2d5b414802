import { expect } from '@jest/globals';
import type { StepResult } from '../../src/ingestion/ingestion.repository.js';
import type { Priority } from '../../src/domain/priority.js';
import type { BulkActionKind } from '../../src/operations/bulk-actions/bulk-action.repository.js';
import { toAdmissionStep } from '../../src/scheduler/queue/claim-admission.js';
import type { Dispatch, Outcome } from '../../src/domain/dispatch.js';
import { COMPLETED, failed, retryIn } from '../contract/gate.js';
import type { OpenStore } from '../contract/stores.js';
import { compareClaim, compareDeadLetters, compareDispatch } from './comparison.js';
import { changeAll } from './bulk.js';
import { fillingOf } from './filling.js';
import { applyTimes } from './list-times.js';
import { QuietTimes } from './quiet-times.js';
import { Reference, type Item, type List } from './reference.js';
import { Requests } from './requests.js';
import type { BulkFilter, Ending, NewList, Scenario } from './steps.js';
import type { Timing } from './timing.js';
import { queueOf, releaseOne, settleOne, type TestQueue } from '../support/claims.js';

/** Lists that one step of {@link Moves.admit} admits: few, so that some runs need several steps. */
const ADMITTED_PER_STEP = 2;

/** Performs each operation on the real gate and on the reference, and expects the same result. */
export class Moves {
  readonly reference: Reference;
  readonly held: Dispatch[] = [];
  readonly ended: Dispatch[] = [];
  /** The completed ids, one entry for each outcome that the store counted. */
  readonly completed: bigint[] = [];
  /** The lists that the moves affected. */
  readonly touched = new Set<List>();
  private readonly terms: Scenario['terms'];
  private readonly requests: Requests;

  constructor(
    public store: OpenStore,
    { terms, windowMs, hasQuietHours }: Scenario,
    private readonly timing: Timing,
  ) {
    const quietTimes = hasQuietHours ? new QuietTimes(timing) : null;
    const quietHours = quietTimes?.toQuietHours(store.runtime.wallMs());
    this.terms = { ...terms, ...(quietHours && { quietHours }) };
    this.reference = new Reference(terms, quietTimes);
    this.requests = new Requests(windowMs);
  }

  private get queue(): TestQueue {
    return queueOf(this.store.dispatches, this.store.runtime);
  }

  async pass(ms: number): Promise<void> {
    this.reference.nowMs += ms;
    if (ms > 0) {
      await this.store.advance(ms);
    }
  }

  async accept(lists: readonly NewList[]): Promise<void> {
    const group = lists.map((list) => {
      const ids = this.requests.idsFor(list);
      return { list, ids, request: this.requests.make(list, ids) };
    });
    const acceptances = await this.store.ingestions.acceptAll(group.map(({ request }) => request));
    for (const [i, { list, ids, request }] of group.entries()) {
      if (this.requests.isNew(list, request.ingestionId, acceptances[i], this.reference.nowMs)) {
        this.reference.accept(request.ingestionId, list, ids);
      }
    }
  }

  async claim(lane: string, lateMs: number, { batchSize, fill } = this.terms): Promise<void> {
    const { reference, timing } = this;
    const terms = { ...this.terms, lane, batchSize, fill: fill ?? undefined };
    const claim = await this.queue.claim(terms);
    if (reference.readsQueue(lane)) {
      reference.slotRead(lane);
      applyTimes(reference, lane, toAdmissionStep(batchSize));
    }
    const items = reference.next(lane, batchSize);
    const filling = fillingOf(reference, items, fill, batchSize);
    const dispatch = compareClaim(claim, { reference, lane }, items, filling, timing.slackMs);
    if (dispatch === null) {
      return;
    }
    this.reference.begin(lane, dispatch.dispatchNo, items);
    compareDispatch(dispatch, items);
    this.touch(items);
    this.held.push(dispatch);
    await this.pass(lateMs);
    this.reference.callLeft(lane, this.timing.restartMarginMs);
    if (lateMs > 0) {
      this.queue.recordSent(dispatch);
    }
  }

  /** Cancels what has expired and admits what is due, as an idle lane does. */
  async admit(lane: string): Promise<void> {
    while ((await this.store.dispatches.admitDue(lane, ADMITTED_PER_STEP)) === 0) {
      // There is more.
    }
    applyTimes(this.reference, lane, Infinity);
  }

  async hold(lane: string, ms: number): Promise<void> {
    await this.store.dispatches.holdLane(lane, ms);
    this.reference.hold(lane, ms);
  }

  async setPaused(lane: string, isPaused: boolean): Promise<void> {
    await (isPaused ? this.store.queue.pause(lane) : this.store.queue.resume(lane));
    this.reference.setPaused(lane, isPaused);
  }

  async settle(dispatch: Dispatch | undefined, endings: readonly Ending[]): Promise<void> {
    if (dispatch === undefined) {
      return;
    }
    const settled = this.end(dispatch).map((item, i) => ({
      item,
      ending: endings[i % endings.length] ?? 'failed',
    }));
    const outcomes = settled.map(({ ending }) => toOutcome(ending));
    expect(await settleOne(this.store, dispatch, outcomes)).toBe(true);
    for (const { item, ending } of settled) {
      if (ending === 'completed') {
        this.reference.complete(item);
        this.completed.push(item.id);
      } else if (ending === 'failed') {
        this.reference.fail(item);
      } else if (ending === 'postponed') {
        this.reference.postpone(item);
      } else {
        this.reference.retry(item, ending.retryInMs);
      }
    }
  }

  /** Expects that a process which no longer holds a dispatch changes nothing. */
  async settleLate(dispatch: Dispatch | undefined): Promise<void> {
    if (dispatch !== undefined) {
      const outcomes = dispatch.parts.flatMap(({ size }) => Array.from({ length: size }, () => failed()));
      expect(await settleOne(this.store, dispatch, outcomes)).toBe(false);
      expect(await releaseOne(this.store, dispatch)).toBe(false);
      const ids = new Set(dispatch.parts.map(({ ingestionId }) => ingestionId));
      this.touch(this.reference.items.filter(({ list }) => ids.has(list.ingestionId)));
    }
  }

  async release(dispatch: Dispatch | undefined): Promise<void> {
    if (dispatch !== undefined) {
      expect(await releaseOne(this.store, dispatch)).toBe(true);
      this.giveBack(dispatch);
    }
  }

  async renew(dispatch: Dispatch | undefined): Promise<void> {
    const flight = dispatch && this.reference.inFlight.get(dispatch.dispatchNo);
    if (dispatch !== undefined && flight !== undefined) {
      await this.store.dispatches.renewLeases([dispatch], this.terms.leaseMs);
      flight.leaseEndsMs = this.reference.nowMs + this.terms.leaseMs;
    }
  }

  async takeOver(): Promise<void> {
    const lapsed = this.held.filter(
      ({ dispatchNo }) =>
        (this.reference.inFlight.get(dispatchNo)?.leaseEndsMs ?? Infinity) <= this.reference.nowMs,
    );
    const taken = await this.store.dispatches.reclaimExpired();
    expect(taken.sort()).toEqual(lapsed.map(({ dispatchId }) => dispatchId).sort());
    for (const dispatch of lapsed) {
      this.giveBack(dispatch);
    }
  }

  /** Redrives all dead letters, or those of one list, `limit` at a time. */
  async redrive(list: List | null | undefined, limit: number): Promise<void> {
    const filter = list ? { ingestionId: list.ingestionId } : {};
    const matching = this.reference.deadLetters.filter(
      (item) => (!list || item.list === list) && this.reference.mayRedrive(item.list),
    );
    const upTo = await this.store.deadLetters.latestNumber();
    let redriven = 0;
    let step;
    do {
      step = await this.store.deadLetters.redrive(filter, upTo, limit);
      redriven += step;
    } while (step === limit);
    expect(redriven).toBe(matching.length);
    this.reference.redrive(matching);
    this.touch(matching);
  }

  async cancel(list: List | undefined, limit: number): Promise<void> {
    if (list !== undefined) {
      const isDone = this.reference.cancel(list);
      expect(await toItsEnd(() => this.store.ingestions.cancelStep(list.ingestionId, limit))).toBe(
        isDone ? 'done' : 'over',
      );
      this.touched.add(list);
    }
  }

  async reprioritise(list: List | undefined, priority: Priority, limit: number): Promise<void> {
    if (list !== undefined) {
      const isDone = this.reference.reprioritise(list, priority);
      expect(
        await toItsEnd(() => this.store.ingestions.reprioritizeStep(list.ingestionId, priority, limit)),
      ).toBe(isDone ? 'done' : 'over');
      this.touched.add(list);
    }
  }

  async bulk(action: BulkActionKind, filter: BulkFilter, priority: Priority): Promise<void> {
    const changed = await changeAll(this.store, this.reference, { action, filter, priority });
    this.touch(changed);
  }

  async forget(ageMs: number): Promise<void> {
    while (await this.store.maintenance.deleteExpired(ageMs)) {
      // There is more.
    }
    for (const { ingestionId, items } of this.reference.forget(ageMs)) {
      expect(await this.store.ingestions.findById(ingestionId)).toBeNull();
      this.requests.forget(ingestionId);
      for (const { id } of items.filter(({ state }) => state === 'completed')) {
        this.completed.splice(this.completed.indexOf(id), 1);
      }
    }
    await compareDeadLetters(this.store, this.reference.deadLetters);
  }

  async restart(): Promise<void> {
    this.store = await this.store.reopen();
    this.reference.restart(this.timing.restartMarginMs, this.timing.isOfOneProcess);
  }

  private giveBack(dispatch: Dispatch): void {
    for (const item of this.end(dispatch)) {
      this.reference.giveBack(item);
    }
  }

  private end(dispatch: Dispatch): readonly Item[] {
    const items = this.reference.inFlight.get(dispatch.dispatchNo)?.items ?? [];
    this.reference.inFlight.delete(dispatch.dispatchNo);
    this.held.splice(this.held.indexOf(dispatch), 1);
    this.ended.push(dispatch);
    this.touch(items);
    return items;
  }

  private touch(items: readonly Item[]): void {
    for (const { list } of items) {
      this.touched.add(list);
    }
  }
}

async function toItsEnd(take: () => Promise<StepResult>): Promise<StepResult> {
  let step;
  do {
    step = await take();
  } while (step === 'more');
  return step;
}

function toOutcome(ending: Ending): Outcome {
  if (ending === 'completed') {
    return COMPLETED;
  }
  if (ending === 'postponed') {
    return { kind: 'postponed' };
  }
  return ending === 'failed' ? failed() : retryIn(ending.retryInMs);
}
