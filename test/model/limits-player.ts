import type { Dispatch } from '../../src/domain/dispatch.js';
import { sizeOf } from '../../src/domain/dispatch.js';
import type { Limit } from '../../src/domain/limits/limit.js';
import { seededRandom } from '../../src/external-api/seeded-random.js';
import { LaneRules } from '../../src/scheduler/rules/lane-rules.js';
import { COMPLETED, newIngestion } from '../contract/gate.js';
import { openIn } from '../contract/sqlite.js';
import type { OpenStore } from '../contract/stores.js';
import { queueOf, releaseOne, settleOne, UNLIMITED, type TestQueue } from '../support/claims.js';
import { idRange } from '../support/lists.js';
import { makeFolder } from '../support/make-folder.js';
import { ManualClock } from '../support/manual-clock.js';

const TIMEOUT_MS = 1500;
const LEASE_MS = 1000;
/** An hour begins. */
const START_MS = Date.UTC(2026, 10, 24, 10);

/** A call that the upstream has seen. It is in flight until `endsMs`. */
interface SeenCall {
  readonly dispatchId: string;
  readonly atMs: number;
  readonly ids: number;
  endsMs: number;
}

/** A dispatch with the number of its calls that have not left. */
interface Waiting {
  readonly dispatch: Dispatch;
  calls: number;
}

/** A clock that goes on while something sleeps, also after a restart. */
class SleepingClock extends ManualClock {
  override async sleep(ms: number): Promise<void> {
    this.advance(ms);
  }

  override restarted(): ManualClock {
    return new SleepingClock(this.wallMs(), this.monotonicMs());
  }
}

/** Plays one random run of a lane with limits. */
export class LimitsPlayer {
  readonly calls: SeenCall[] = [];
  readonly seen = { late: 0, kills: 0, unsent: 0 };
  private readonly random: () => number;
  private readonly rules: LaneRules;
  private readonly batchSize: number;
  private readonly wallAheadMs: number;
  private store: OpenStore;
  private waiting: Waiting[] = [];
  private open: Dispatch[] = [];

  constructor(seed: number, drawLimits: (upTo: (max: number) => number) => readonly Limit[]) {
    this.random = seededRandom(seed);
    this.batchSize = this.upTo(5);
    this.rules = new LaneRules({
      limits: drawLimits((max) => this.upTo(max)),
      batchSize: this.batchSize,
      isPerId: this.random() < 0.4,
      timeoutMs: TIMEOUT_MS,
    });
    const clock = new SleepingClock(START_MS - this.upTo(60_000));
    this.wallAheadMs = clock.wallMs() - clock.monotonicMs();
    this.store = openIn(makeFolder(), clock);
  }

  async play(steps: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      if (this.random() < 0.3) {
        await this.store.ingestions.acceptAll([newIngestion('LOW', idRange(1, this.upTo(20)))]);
      }
      await this.claim();
      await this.goOn();
      if (this.random() < 0.04) {
        await this.kill();
      }
    }
  }

  close(): Promise<void> {
    return this.store.close();
  }

  /** Returns the windows that hold more than their maximum, and the calls that were one too many in flight. */
  exceeded(): string[] {
    const windows = this.rules.windows.flatMap(({ name, counts, max, perUs }) =>
      this.calls.flatMap(({ atMs: endMs }) => {
        const within = this.calls.filter(({ atMs }) => atMs > endMs - perUs / 1000 && atMs <= endMs);
        const used = counts === 'calls' ? within.length : within.reduce((sum, { ids }) => sum + ids, 0);
        return used > max ? [`${name}: ${String(used)} up to ${String(endMs)}`] : [];
      }),
    );
    const { max = Number.POSITIVE_INFINITY } = this.rules.inFlight ?? {};
    const inFlight = this.calls.flatMap(({ atMs: nowMs }, i) => {
      const count = this.calls.slice(0, i + 1).filter(({ endsMs }) => endsMs > nowMs).length;
      return count > max ? [`${String(count)} in flight at ${String(nowMs)}`] : [];
    });
    return [...windows, ...this.exceededPeriods(), ...inFlight];
  }

  /** Within the margin of a boundary a call counts in both periods, whatever the clock of the upstream shows. */
  private exceededPeriods(): string[] {
    return this.rules.calendars.flatMap(({ name, counts, max, calendar, marginUs }) => {
      const marginMs = marginUs / 1000;
      const starts = new Set(this.calls.map(({ atMs }) => calendar.startAt(atMs + this.wallAheadMs)));
      return [...starts].flatMap((startMs) => {
        const endMs = calendar.startAfter(startMs, 1) + marginMs;
        const within = this.calls.filter(({ atMs }) => {
          const wallMs = atMs + this.wallAheadMs;
          return wallMs >= startMs - marginMs && wallMs < endMs;
        });
        const used = counts === 'calls' ? within.length : within.reduce((sum, { ids }) => sum + ids, 0);
        return used > max ? [`${name}: ${String(used)} since ${String(startMs)}`] : [];
      });
    });
  }

  private get queue(): TestQueue {
    return queueOf(this.store.dispatches, this.store.runtime);
  }

  private async claim(): Promise<void> {
    const { rules, batchSize } = this;
    const terms = { ...UNLIMITED, rules, batchSize, leaseMs: LEASE_MS, maxDispatches: this.upTo(4) };
    const claim = await this.queue.claimMany(terms);
    if (claim.kind === 'claimed') {
      const claimed = claim.dispatches.map((dispatch) => ({
        dispatch,
        calls: rules.isPerId ? sizeOf(dispatch) : 1,
      }));
      this.waiting.push(...claimed);
    } else if (claim.kind === 'slot_closed' && this.random() < 0.7) {
      await this.store.advance(Math.ceil(claim.opensInMs));
    } else {
      await this.store.advance(this.upTo(400));
    }
  }

  /** Lets each dispatch go one step further, in any order. */
  private async goOn(): Promise<void> {
    const held = [...this.waiting.map(({ dispatch }) => dispatch), ...this.open];
    await this.store.dispatches.renewLeases(held, LEASE_MS);
    const staying: Waiting[] = [];
    for (const one of this.waiting.sort(() => this.random() - 0.5)) {
      const chance = this.random();
      if (chance < 0.1) {
        await this.giveUp(one);
      } else if (chance < 0.3 || (await this.leave(one))) {
        staying.push(one);
      }
      if (this.random() < 0.4) {
        await this.store.advance(this.upTo(120));
      }
    }
    this.waiting = staying.filter(({ calls }) => calls > 0);
    if (this.random() < 0.6) {
      await this.settleSome();
    }
  }

  /** Sends one call, or all of them. Returns false if the dispatch has ended instead. */
  private async leave(one: Waiting): Promise<boolean> {
    const { dispatch } = one;
    const most = this.random() < 0.5 ? 1 : one.calls;
    for (let sent = 0; sent < most; sent++) {
      const before = this.store.runtime.monotonicMs();
      if (!(await this.queue.awaitSendSlot(dispatch))) {
        this.seen.late += 1;
        await this.giveUp(one);
        return false;
      }
      this.seen.late += this.store.runtime.monotonicMs() > before ? 1 : 0;
      this.recordCall(dispatch);
      this.queue.recordSent(dispatch);
      one.calls -= 1;
    }
    if (one.calls === 0) {
      this.open.push(dispatch);
    }
    return true;
  }

  private recordCall(dispatch: Dispatch): void {
    this.calls.push({
      dispatchId: dispatch.dispatchId,
      atMs: this.store.runtime.monotonicMs(),
      ids: this.rules.isPerId ? 1 : sizeOf(dispatch),
      endsMs: Number.POSITIVE_INFINITY,
    });
  }

  /** The calls that have not left never will. */
  private async giveUp({ dispatch, calls }: Waiting): Promise<void> {
    this.seen.unsent += calls;
    await this.queue.recordEnd(dispatch, this.rules.isPerId ? calls : sizeOf(dispatch));
    await this.end(dispatch);
  }

  private async settleSome(): Promise<void> {
    const ended = this.open.filter(() => this.random() < 0.5);
    this.open = this.open.filter((dispatch) => !ended.includes(dispatch));
    for (const dispatch of ended) {
      await this.queue.recordEnd(dispatch, 0);
      await this.end(dispatch);
    }
  }

  private async end(dispatch: Dispatch): Promise<void> {
    this.endCalls(this.store.runtime.monotonicMs(), (call) => call.dispatchId === dispatch.dispatchId);
    const outcomes = Array.from({ length: sizeOf(dispatch) }, () => COMPLETED);
    await (this.random() < 0.5
      ? settleOne(this.store, dispatch, outcomes)
      : releaseOne(this.store, dispatch));
  }

  /** Some calls leave just before the kill, and nothing of that is recorded. Open calls go on until their timeout. */
  private async kill(): Promise<void> {
    this.seen.kills += 1;
    for (const { dispatch, calls } of this.waiting) {
      if (this.random() < 0.3 && calls > 0 && (await this.queue.awaitSendSlot(dispatch))) {
        this.recordCall(dispatch);
      }
    }
    const nowMs = this.store.runtime.monotonicMs();
    this.endCalls(nowMs + TIMEOUT_MS, ({ endsMs }) => endsMs === Number.POSITIVE_INFINITY);
    this.waiting = [];
    this.open = [];
    this.store = await this.store.reopen();
    await this.store.dispatches.reclaimExpired();
  }

  private endCalls(endsMs: number, which: (call: SeenCall) => boolean): void {
    for (const call of this.calls.filter(which)) {
      call.endsMs = Math.min(call.endsMs, endsMs);
    }
  }

  private upTo(max: number): number {
    return 1 + Math.floor(this.random() * max);
  }
}
