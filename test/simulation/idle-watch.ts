import type { Lane } from '../../src/scheduler/lanes/lane.js';
import type { Ledger } from './ledger.js';
import type { ServiceProcess } from './service-process.js';
import type { StoreRows } from './store-rows.js';
import type { World } from './world.js';

/** The longest waits of a lane besides its pace: a poll, a late timer, a delayed call of the store. */
const SLACK_MS = 4000;
/** A dispatch that is late takes a later slot, a few times. */
const MAX_SLOTS = 5;
/** The longest time from a claim to its request without a delay: a late call waits for the rules for a second. */
const MAX_UNSENT_MS = 6000;

interface Watched {
  /** The processes that run; at least one. */
  readonly services: readonly ServiceProcess[];
  readonly rows: StoreRows;
  /** Store time; null if it is not known yet. */
  readonly storeNowMs: number | null;
}

/** Tells when a lane sends nothing although ids may go. */
export class IdleWatch {
  private readonly busyAtMs = new Map<string, number>();
  /** Dispatches that no process holds, and when they were seen first. */
  private orphans = new Map<string, number>();
  private seen = { stalledForMs: 0, storeFailures: 0 };

  constructor(
    private readonly world: World,
    private readonly ledger: Ledger,
    /** The longest time after the end of a process until another one takes its ids, in ms. */
    private readonly orphanedForMs: number,
  ) {}

  /** Everything is in order so far: a process has started, or ended. */
  reset(): void {
    this.busyAtMs.clear();
    this.orphans.clear();
  }

  /** Must be called about once a second. */
  look({ services, rows, storeNowMs }: Watched): void {
    const { stalledForMs } = this.world;
    const { storeFailures } = this.ledger;
    const isHeldUp = this.ledger.heldUpUntilMs > this.world.nowMs;
    if (isHeldUp || stalledForMs > this.seen.stalledForMs || storeFailures > this.seen.storeFailures) {
      this.seen = { stalledForMs, storeFailures };
      this.reset();
    }
    this.lookForOrphans(rows);
    const [first] = services;
    if (first === undefined) {
      return;
    }
    this.lookForUnsent(first);
    for (const lane of first.lanes.lanes) {
      const busyAtMs = this.busyAtMs.get(lane.name);
      const claimedAtMs = this.ledger.lastClaimMs.get(lane.name) ?? 0; // its request may end before it leaves
      const departedAtMs = Math.max(claimedAtMs, this.ledger.lastDepartureMs.get(lane.name) ?? 0);
      const breakers = services.map(({ lanes }) => lanes.get(lane.name).breaker);
      if (busyAtMs === undefined || this.hasCause(lane, breakers, rows, storeNowMs)) {
        this.busyAtMs.set(lane.name, this.world.nowMs);
        continue;
      }
      const idleMs = this.world.nowMs - Math.max(busyAtMs, departedAtMs);
      if (idleMs > longestWaitMs(lane) + this.orphanedForMs + SLACK_MS) {
        this.world.fail(
          'never idle',
          `lane ${lane.name} sends nothing for ${idleMs.toFixed(0)} ms, and ids may go`,
        );
      }
    }
  }

  /** The ids of a process that has ended go at once, not at the end of their lease. */
  private lookForOrphans(rows: StoreRows): void {
    const { nowMs } = this.world;
    const ids = rows
      .inFlight()
      .flatMap(({ dispatchId }) => (this.ledger.held.has(dispatchId) ? [] : [dispatchId]));
    this.orphans = new Map(ids.map((id) => [id, this.orphans.get(id) ?? nowMs]));
    for (const [dispatchId, sinceMs] of this.orphans) {
      if (nowMs - sinceMs > this.orphanedForMs + SLACK_MS) {
        this.world.fail('never idle', `the ids of dispatch ${dispatchId} wait, and no process holds it`);
      }
    }
  }

  /** Checks that claimed ids leave soon, or go back. */
  private lookForUnsent({ lanes }: ServiceProcess): void {
    for (const held of this.ledger.held.values()) {
      const { dispatchId, lane, claimedAtMs, hasDeparted, isEnding } = held;
      if (held.holder.suspendedForMs > held.suspendedForMs) {
        continue;
      }
      const { batchDelayMs } = lanes.get(lane).options;
      const sinceMs = this.world.nowMs - Math.max(claimedAtMs, this.world.stalledUntilMs);
      if (!hasDeparted && !isEnding && sinceMs > MAX_SLOTS * batchDelayMs + MAX_UNSENT_MS) {
        this.world.fail(
          'never idle',
          `dispatch ${dispatchId} in ${lane} is claimed, and neither sent nor released`,
        );
      }
    }
  }

  private hasCause(
    { name, options }: Lane,
    breakers: readonly Lane['breaker'][],
    rows: StoreRows,
    storeNowMs: number | null,
  ): boolean {
    const gate = rows.gates().find((each) => each.lane === name);
    if (gate === undefined || storeNowMs === null) {
      return true;
    }
    const { laneNo, pausedAt, heldUntilTime } = gate;
    const isEligible =
      rows.lists().some((list) => list.laneNo === laneNo && list.taken < list.total && !list.isCancelled) ||
      rows.retries().some((retry) => retry.laneNo === laneNo && retry.dueTime <= storeNowMs);
    const held = [...this.ledger.held.values()].filter(({ lane }) => lane === name).length;
    return (
      !isEligible ||
      pausedAt !== null ||
      heldUntilTime > storeNowMs ||
      held >= options.maxInFlight ||
      ((options.rules?.inFlight ?? null) !== null && held > 0) ||
      breakers.some(({ retryInMs }) => (retryInMs === null ? held > 0 : retryInMs > 0))
    );
  }
}

/** The longest time that the pace of the lane keeps ids that may go. */
function longestWaitMs({ options: { batchDelayMs, rules, timeoutMs } }: Lane): number {
  if (rules === null) {
    return batchDelayMs;
  }
  // After a crash, calls count as in flight until their timeout.
  const inFlightMs = rules.inFlight === null ? 0 : timeoutMs;
  return inFlightMs + Math.max(0, ...rules.windows.map(({ perUs }) => (2 * perUs) / 1000));
}
