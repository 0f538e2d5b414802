import type { Clock } from '../../../domain/clock.js';
import { SendLatency } from '../../../scheduler/pacing/send-latency.js';
import { LatencyEstimator } from '../../../scheduler/pacing/latency-estimator.js';
import type { Row } from '../database/statement.js';

/** The lane's row as a statement read it. `turn` is the claim epoch. */
export interface GateRow {
  readonly turn: number;
  /** The place of this version of the row (`ctid`). Any change of the row gives it another one. */
  readonly version: string;
  readonly slot_taken_time: number;
  /** The `BATCH_DELAY` and `BATCH_SIZE` of the process that took the last slot; 0 if unknown. */
  readonly slot_delay_ms: number;
  readonly slot_batch_size: number;
  readonly now: number;
  readonly paused_at: number | null;
  readonly held_until_time: number;
}

/** The columns of {@link GateRow} that are read unchanged. */
export const GATE_COLUMNS = [
  'turn',
  'slot_taken_time',
  'slot_delay_ms',
  'slot_batch_size',
  'paused_at',
  'held_until_time',
]
  .map((column) => `gate.${column}`)
  .concat('gate.ctid AS version')
  .join(', ');

/** Returns the lane's row from the first of `rows`. */
export function toGateRow([row]: readonly Row[]): GateRow {
  if (row === undefined) {
    throw new Error('the lane has no row');
  }
  return row as unknown as GateRow;
}

/** Minimum time by which a claim precedes its slot. It lets the commit end before the slot opens. */
const MIN_LEAD_MS = 1;
/** Longer claims come from a distant server, or from one that commits slowly. */
const MAX_NEAR_CLAIM_MS = 20;
/** Upper bound for the duration of a statement: `PostgresDatabase` waits no longer for a response. */
const MAX_STATEMENT_MS = 6000;
/**
 * A claim's duration counts at most as twice the longest expected one plus this: one slow claim is an exception,
 * several are not.
 */
const EXPECTED_GROWTH_MS = 20;
/** Share of the delay by which a request may be late without delaying the next one. */
const TOLERANCE = 0.003;
const MIN_TOLERANCE_MS = 0.3;
const MAX_TOLERANCE_MS = 5;
/** Time from the permission to send until the request is sent, if the actual time of the send is not reported. */
const CALL_MS = 0.1;
/**
 * Minimum share of the delay by which another process claims later than the holder of the last slot; the maximum is
 * three times this.
 */
const MIN_HANDICAP = 0.1;
const MAX_HANDICAP_BASE_MS = 200;
/**
 * Maximum time by which `slot_taken_time` lies ahead: see {@link SlotSchedule.startDeadlineInMs}. A larger value means
 * that the server's clock was set back.
 */
export const MAX_AHEAD_MS = MAX_STATEMENT_MS + 1000;

/**
 * Computes when the next request may start, on this process's monotonic clock. The lane's row holds the latest time at
 * which the request of its epoch was sent. The reader computes the age of that time; network delay only makes the slot
 * look later, never earlier, so the limit is safe. Durations count from there, so a jump of the server's clock moves
 * nothing, and a process that knows that the slot is closed needs no query.
 */
export class SlotSchedule {
  private epoch: number | null = null;
  private isOwnEpoch = false;
  private lastStartedMs = Number.NEGATIVE_INFINITY;
  private previousStartedMs = Number.NEGATIVE_INFINITY;
  /** The delay of the last slot. A shorter delay of this process takes effect with the next slot. */
  private slotDelayMs = 0;
  private previousDelayMs = 0;
  /**
   * Durations from the first statement of a claim to the response to its `COMMIT`. They determine how early a claim
   * starts.
   */
  private readonly claimLatency = new LatencyEstimator(2, MAX_STATEMENT_MS);
  /**
   * Durations of the statements that move the slot, `COMMIT` included. They determine the latest possible start of a
   * request.
   */
  private readonly commits = new LatencyEstimator(2, MAX_STATEMENT_MS);
  private readonly sendLatency = new SendLatency();
  /**
   * The share of the delay by which this process claims later. It is random, so that of several waiting processes one
   * is first.
   */
  private readonly handicap = MIN_HANDICAP * (1 + 2 * Math.random());

  constructor(private readonly clock: Clock) {}

  nowMs(): number {
    return this.clock.monotonicMs();
  }

  /** Adopts a row that was read just now. Reading the same epoch again only narrows the estimate. */
  observe(row: GateRow): void {
    const aheadMs = Math.min(row.slot_taken_time - row.now, MAX_AHEAD_MS);
    const startedMs = this.nowMs() + aheadMs;
    if (row.turn !== this.epoch) {
      this.lastStartedMs = startedMs;
    } else if (!this.isOwnEpoch) {
      this.lastStartedMs = Math.min(this.lastStartedMs, startedMs);
    }
    this.isOwnEpoch &&= row.turn === this.epoch;
    this.epoch = row.turn;
    this.slotDelayMs = row.slot_delay_ms;
  }

  /**
   * Records that the request of this epoch, which this process holds, starts now or at `opensMs`, whichever is later.
   * Its slot was taken with `delayMs`.
   */
  recordStart(epoch: number, delayMs: number, opensMs = 0): void {
    if (!this.isOwn(epoch)) {
      this.previousStartedMs = this.lastStartedMs;
      this.previousDelayMs = this.slotDelayMs;
    }
    this.slotDelayMs = delayMs;
    this.epoch = epoch;
    this.isOwnEpoch = true;
    this.lastStartedMs = Math.max(this.nowMs(), opensMs) + CALL_MS;
  }

  /**
   * Records that the request of this epoch, which this process holds, is sent now or at `atMs`. A slot taken after it
   * keeps its own time if that is later.
   */
  leaves(epoch: number, atMs = this.nowMs()): void {
    const sentMs = atMs + CALL_MS;
    this.lastStartedMs = this.isOwn(epoch) ? sentMs : Math.max(this.lastStartedMs, sentMs);
  }

  /** Reverts {@link recordStart} for this epoch: the request was not sent. */
  revertStart(epoch: number): void {
    if (this.isOwn(epoch)) {
      this.lastStartedMs = this.previousStartedMs;
      this.slotDelayMs = this.previousDelayMs;
      this.isOwnEpoch = false;
    }
  }

  /** Returns the milliseconds until a request may be sent; zero or less if it may be sent now. */
  opensInMs(delayMs: number): number {
    const distanceMs = this.distanceMs(delayMs);
    return distanceMs === 0 ? 0 : this.lastStartedMs + distanceMs - this.nowMs();
  }

  /**
   * Returns the milliseconds until a request must be started so that it is ready just before the slot opens; zero or
   * less if it must start now.
   */
  startsInMs(delayMs: number): number {
    return this.opensInMs(delayMs) - this.sendLatency.leadMs(delayMs);
  }

  /** Records the time from starting a request until it was ready to be sent. */
  recordSendLatency(ms: number): void {
    this.sendLatency.record(ms);
  }

  /**
   * Returns the milliseconds until it is time to claim: zero or less if it is time now, and never more than the delay
   * in effect.
   */
  claimInMs(delayMs: number): number {
    const claimInMs = this.startsInMs(delayMs) - this.leadMs(delayMs) + this.handicapMs(delayMs);
    return Math.min(claimInMs, this.distanceMs(delayMs));
  }

  /**
   * Returns the time from now by which the request must have started, if the statement that moves the slot is sent now.
   * `leastMs` is a lower bound known to the caller, in milliseconds.
   */
  startDeadlineInMs(delayMs: number, leastMs = 0): number {
    const toleranceMs = clamp(delayMs * TOLERANCE, MIN_TOLERANCE_MS, MAX_TOLERANCE_MS);
    const commitMs = Math.min(Math.max(this.commits.upperBound(4), leastMs), MAX_STATEMENT_MS) + MIN_LEAD_MS;
    return Math.max(this.opensInMs(delayMs) + toleranceMs, commitMs);
  }

  /** Records the duration of a claim, from its first statement to the response to its `COMMIT`. */
  recordClaimLatency(ms: number): void {
    this.claimLatency.add(Math.min(ms, 2 * this.claimLatency.upperBound(4) + EXPECTED_GROWTH_MS));
  }

  /** Records the duration of a statement that moves the slot, its `COMMIT` included. */
  commitTook(ms: number): void {
    this.commits.add(ms);
  }

  /** Returns the required time between the last request and the next one. */
  private distanceMs(delayMs: number): number {
    return Math.max(delayMs, this.slotDelayMs);
  }

  /**
   * Returns the extra delay before this process claims. The holder of the last epoch has none and goes first: if all
   * woke at the same moment, each would delay the others.
   */
  private handicapMs(delayMs: number): number {
    return this.isOwnEpoch ? 0 : Math.min(delayMs, MAX_HANDICAP_BASE_MS) * this.handicap;
  }

  private isOwn(epoch: number): boolean {
    return this.isOwnEpoch && this.epoch === epoch;
  }

  /**
   * Returns how long before the slot a claim starts. Near the server a quarter of the delay is enough. A distant server
   * may take up to the whole delay; more is useless, because a claim does not start before the request of the last one
   * was started.
   */
  private leadMs(delayMs: number): number {
    const claimMs = clamp(this.claimLatency.upperBound(2), MIN_LEAD_MS, MAX_STATEMENT_MS);
    return Math.min(claimMs, claimMs <= MAX_NEAR_CLAIM_MS ? delayMs / 4 : delayMs);
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
