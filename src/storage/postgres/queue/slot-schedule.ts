import type { Clock } from '../../../domain/clock.js';
import { SendLatency } from '../../../scheduler/pacing/send-latency.js';
import { LatencyEstimator } from '../../../scheduler/pacing/latency-estimator.js';
import type { Row } from '../database/statement.js';

/** The gate's row, as a statement read it. */
export interface GateRow {
  readonly turn: number;
  /** The place of this version of the row (`ctid`). Any change of the row gives it another one. */
  readonly version: string;
  readonly slot_taken_time: number;
  /** The `BATCH_DELAY` and `BATCH_SIZE` with which the last slot was taken; 0 where that is not known. */
  readonly slot_delay_ms: number;
  readonly slot_batch_size: number;
  readonly now: number;
  readonly paused_at: number | null;
  readonly held_until_time: number;
}

/** The columns of {@link GateRow} that are read as they stand. */
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

/** The gate's row out of the first of `rows`. */
export function toGateRow([row]: readonly Row[]): GateRow {
  if (row === undefined) {
    throw new Error('the gate has no row');
  }
  return row as unknown as GateRow;
}

/** A dispatch is claimed at least this much ahead of its slot, so that its commit is over when the slot opens. */
const MIN_LEAD_MS = 1;
/** Claims that take longer than this are those of a server far away, or of one that commits slowly. */
const MAX_NEAR_CLAIM_MS = 20;
/** The longest time that a statement counts with. `PostgresDatabase` waits no longer for an answer. */
const MAX_STATEMENT_MS = 6000;
/** A claim counts as no more than twice the longest expected one plus this: one slow claim is an accident, several are not. */
const EXPECTED_GROWTH_MS = 20;
/** Of the delay: what a call may begin late without the next one having to wait for it. */
const TOLERANCE = 0.003;
const MIN_TOLERANCE_MS = 0.3;
const MAX_TOLERANCE_MS = 5;
/** From the word that it may begin to the begin of the call, where nobody tells when it left. */
const CALL_MS = 0.1;
/** Of the delay: how much later than its holder another process asks for the next slot, up to three times this. */
const MIN_HANDICAP = 0.1;
const MAX_HANDICAP_BASE_MS = 200;
/** `slot_taken_time` is at most this far ahead: see {@link SlotSchedule.startDeadlineInMs}. More means that the server's clock was set back. */
export const MAX_AHEAD_MS = MAX_STATEMENT_MS + 1000;

/**
 * When the next call may begin, on this process's monotonic clock. The gate's row names a time by which the call of
 * its turn has begun; whoever reads the row learns how long ago that is, to his disadvantage by the way of the answer.
 * Durations are counted from there on, so that a jump of the server's clock moves nothing, and a process that knows
 * the slot closed need not ask.
 */
export class SlotSchedule {
  private epoch: number | null = null;
  private isOwnEpoch = false;
  private lastStartedMs = Number.NEGATIVE_INFINITY;
  private previousStartedMs = Number.NEGATIVE_INFINITY;
  /** The delay with which the last slot was taken: a shorter one of this process counts from the next slot on. */
  private slotDelayMs = 0;
  private delayBeforeMs = 0;
  /** From the first statement of a claim to the answer to its `COMMIT`. They tell how early a claim has to begin. */
  private readonly claimLatency = new LatencyEstimator(2, MAX_STATEMENT_MS);
  /** The statements that move the slot, `COMMIT` included. They tell by when a call can have begun. */
  private readonly commits = new LatencyEstimator(2, MAX_STATEMENT_MS);
  private readonly sendLatency = new SendLatency();
  /** Different in each process, so that of those who stand behind one is first. */
  private readonly handicap = MIN_HANDICAP * (1 + 2 * Math.random());

  constructor(private readonly clock: Clock) {}

  nowMs(): number {
    return this.clock.monotonicMs();
  }

  /** A turn was read, and the answer is there just now. Reading the same turn again only narrows it down. */
  observe(row: GateRow): void {
    const aheadMs = Math.min(row.slot_taken_time - row.now, MAX_AHEAD_MS);
    const beganMs = this.nowMs() + aheadMs;
    if (row.turn !== this.epoch) {
      this.lastStartedMs = beganMs;
    } else if (!this.isOwnEpoch) {
      this.lastStartedMs = Math.min(this.lastStartedMs, beganMs);
    }
    this.isOwnEpoch &&= row.turn === this.epoch;
    this.epoch = row.turn;
    this.slotDelayMs = row.slot_delay_ms;
  }

  /** The call of this turn, our own, begins now or at `opensMs`, whichever is later. Its slot was taken with `delayMs`. */
  recordStart(turn: number, delayMs: number, opensMs = 0): void {
    if (!this.isOwn(turn)) {
      this.previousStartedMs = this.lastStartedMs;
      this.delayBeforeMs = this.slotDelayMs;
    }
    this.slotDelayMs = delayMs;
    this.epoch = turn;
    this.isOwnEpoch = true;
    this.lastStartedMs = Math.max(this.nowMs(), opensMs) + CALL_MS;
  }

  /** The call of this turn, our own, leaves now or at `atMs`. A slot that was taken after it keeps its own time, if that is later. */
  leaves(turn: number, atMs = this.nowMs()): void {
    const leftMs = atMs + CALL_MS;
    this.lastStartedMs = this.isOwn(turn) ? leftMs : Math.max(this.lastStartedMs, leftMs);
  }

  /** What was said of this turn by {@link recordStart} is not so: the call has not left. */
  revertStart(turn: number): void {
    if (this.isOwn(turn)) {
      this.lastStartedMs = this.previousStartedMs;
      this.slotDelayMs = this.delayBeforeMs;
      this.isOwnEpoch = false;
    }
  }

  /** Zero or less when a call may begin now. */
  opensInMs(delayMs: number): number {
    const distanceMs = this.distanceMs(delayMs);
    return distanceMs === 0 ? 0 : this.lastStartedMs + distanceMs - this.nowMs();
  }

  /** Zero or less when a call is to be let go, so that it asks just before the slot opens. */
  startsInMs(delayMs: number): number {
    return this.opensInMs(delayMs) - this.sendLatency.leadMs(delayMs);
  }

  /** A call asked whether it may leave so long after it was let go. */
  recordSendLatency(ms: number): void {
    this.sendLatency.record(ms);
  }

  /** Zero or less when it is time to claim; never more than the delay that counts. */
  claimInMs(delayMs: number): number {
    const claimInMs = this.startsInMs(delayMs) - this.leadMs(delayMs) + this.handicapMs(delayMs);
    return Math.min(claimInMs, this.distanceMs(delayMs));
  }

  /**
   * How long from now the call may take to begin, at the latest, when the statement that moves the slot is sent now.
   * `leastMs` is a lower bound that the caller knows of, in milliseconds.
   */
  startDeadlineInMs(delayMs: number, leastMs = 0): number {
    const toleranceMs = clamp(delayMs * TOLERANCE, MIN_TOLERANCE_MS, MAX_TOLERANCE_MS);
    const commitMs = Math.min(Math.max(this.commits.upperBound(4), leastMs), MAX_STATEMENT_MS) + MIN_LEAD_MS;
    return Math.max(this.opensInMs(delayMs) + toleranceMs, commitMs);
  }

  /** A claim took this long, from its first statement to the answer to its `COMMIT`. */
  recordClaimLatency(ms: number): void {
    this.claimLatency.add(Math.min(ms, 2 * this.claimLatency.upperBound(4) + EXPECTED_GROWTH_MS));
  }

  /** A statement that moves the slot took this long, its `COMMIT` included. */
  commitTook(ms: number): void {
    this.commits.add(ms);
  }

  /** From the last call to the next one. */
  private distanceMs(delayMs: number): number {
    return Math.max(delayMs, this.slotDelayMs);
  }

  /** Who had the last turn goes first: of many that wake at the same moment each would make the others late. */
  private handicapMs(delayMs: number): number {
    return this.isOwnEpoch ? 0 : Math.min(delayMs, MAX_HANDICAP_BASE_MS) * this.handicap;
  }

  private isOwn(turn: number): boolean {
    return this.isOwnEpoch && this.epoch === turn;
  }

  /**
   * Near the server a short part of the delay is enough. Far from it, claims take up to all of the delay: more has no use,
   * as a claim does not begin before the call of the last one was let go.
   */
  private leadMs(delayMs: number): number {
    const claimMs = clamp(this.claimLatency.upperBound(2), MIN_LEAD_MS, MAX_STATEMENT_MS);
    return Math.min(claimMs, claimMs <= MAX_NEAR_CLAIM_MS ? delayMs / 4 : delayMs);
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
