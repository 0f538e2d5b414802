import type { Runtime } from '../../domain/runtime.js';
import { LatencyEstimator } from './latency-estimator.js';
import { SendLatency } from './send-latency.js';

/** The last slot of a lane, as the lane's gate in the store says it. */
export interface SlotReading {
  /** The claim epoch. It changes with each claim, so a commit that names another one is void. */
  readonly epoch: number;
  /** Time until the latest moment at which the last call is sent, in ms; negative after that moment. */
  readonly lastSendInMs: number;
  /** The delay with which the last slot was taken; 0 if it is unknown. */
  readonly slotDelayMs: number;
}

/** A slot that a claim or a late call takes. */
export interface SlotReservation {
  /** Time from now to the latest moment at which the call is sent, in ms. The gate's row will hold this moment. */
  readonly sendWithinMs: number;
  readonly delayMs: number;
}

/** How a store shares and remembers slots. */
export interface SlotSharing {
  /** True if several processes take slots of the same lane. */
  readonly isShared: boolean;
  /** A call may be sent this much later than the gate's row says, because a restarted process waits so much longer. */
  readonly restartMarginMs: number;
}

/** How early claims begin, and when a call counts as sent. */
interface ClaimTiming {
  /** The assumed duration of a claim before the first one is measured. */
  readonly firstClaimMs: number;
  readonly deviations: number;
  readonly minLeadMs: number;
  readonly maxLeadMs: number;
  /** The most by which a claim begins early to share a transaction with those of other lanes. */
  readonly maxEarlyMs: number;
  /** Time from the permission to send until the call is sent, if the actual time is not reported. */
  readonly sendMs: number;
}

/** Upper bound for the duration of a statement that a store sends to a server. */
const MAX_STATEMENT_MS = 6000;
/** Longer claims come from a distant server, or from one that commits slowly. */
const MAX_NEAR_CLAIM_MS = 20;
/** Minimum time that the commit of a claim is given in a store that several processes share. */
const MIN_COMMIT_MS = 1;

/** A store of one process: a claim is one commit to a local disk. */
const EXCLUSIVE: ClaimTiming = {
  firstClaimMs: 0,
  deviations: 4,
  minLeadMs: 0,
  maxLeadMs: MAX_NEAR_CLAIM_MS,
  maxEarlyMs: 4,
  sendMs: 0,
};
/** A store of several processes: a claim is a few statements to a server, near or far. */
const SHARED: ClaimTiming = {
  firstClaimMs: 2,
  deviations: 2,
  minLeadMs: 1,
  maxLeadMs: MAX_STATEMENT_MS,
  maxEarlyMs: 12,
  sendMs: 0.1,
};

/**
 * A claim's duration counts at most as twice the longest expected one plus this: one slow claim is an exception,
 * several are not.
 */
const EXPECTED_GROWTH_MS = 20;
/**
 * Share of the delay by which a call may be late without taking another slot. It costs nothing while the same process holds
 * the lane: others claim at least {@link MIN_HANDICAP} later.
 */
const TOLERANCE = 0.05;
const MIN_TOLERANCE_MS = 0.3;
const MAX_TOLERANCE_MS = 5;
/**
 * Minimum share of the delay by which another process claims later than the holder of the last slot; the maximum is
 * three times this.
 */
const MIN_HANDICAP = 0.1;
const MAX_HANDICAP_BASE_MS = 200;

/**
 * Computes when the next call of a lane may be sent, from the readings of its gate and from what this process sent. It
 * counts on this process's monotonic clock, so a jump of another clock moves nothing, and a process that knows that the
 * slot is closed needs no query. Delay on the way to the store makes the slot look later, never earlier.
 */
export class SlotSchedule {
  private readonly timing: ClaimTiming;
  private epoch: number | null = null;
  private isOwnEpoch = false;
  private lastSentMs = Number.NEGATIVE_INFINITY;
  private previousSentMs = Number.NEGATIVE_INFINITY;
  /** The delay of the last slot. A shorter delay of this process takes effect with the next slot. */
  private slotDelayMs = 0;
  private previousDelayMs = 0;
  /** Durations of whole claims, commit included. They determine how early a claim begins. */
  private readonly claimLatency: LatencyEstimator;
  /** Durations of the commits that move the slot. They determine the latest possible start of a call. */
  private readonly commitLatency = new LatencyEstimator(2, MAX_STATEMENT_MS);
  private readonly sendLatency = new SendLatency();
  /**
   * The share of the delay by which this process claims later. It is random, so that of several waiting processes one
   * is first.
   */
  private readonly handicap: number;

  constructor(
    readonly runtime: Runtime,
    readonly sharing: SlotSharing,
  ) {
    this.handicap = MIN_HANDICAP * (1 + 2 * runtime.random());
    this.timing = sharing.isShared ? SHARED : EXCLUSIVE;
    this.claimLatency = new LatencyEstimator(this.timing.firstClaimMs, this.timing.maxLeadMs);
  }

  nowMs(): number {
    return this.runtime.monotonicMs();
  }

  /** Adopts a reading of this moment. Reading the same epoch again only narrows the estimate. */
  observe({ epoch, lastSendInMs, slotDelayMs }: SlotReading): void {
    const sentMs = this.nowMs() + lastSendInMs;
    if (epoch !== this.epoch) {
      this.lastSentMs = sentMs;
    } else if (!this.isOwnEpoch) {
      this.lastSentMs = Math.min(this.lastSentMs, sentMs);
    }
    this.isOwnEpoch &&= epoch === this.epoch;
    if (!this.isOwnEpoch) {
      this.epoch = epoch;
      this.slotDelayMs = slotDelayMs;
    }
  }

  /**
   * Records that this process took the slot of this epoch with `delayMs`, and that its call is sent now or at `opensMs`,
   * whichever is later.
   */
  recordStart(epoch: number, delayMs: number, opensMs = 0): void {
    if (!this.isOwn(epoch)) {
      this.previousSentMs = this.lastSentMs;
      this.previousDelayMs = this.slotDelayMs;
    }
    this.slotDelayMs = delayMs;
    this.epoch = epoch;
    this.isOwnEpoch = true;
    this.lastSentMs = Math.max(this.nowMs(), opensMs) + this.timing.sendMs;
  }

  /**
   * Records that the call of this epoch, which this process holds, is sent now or at `atMs`. A slot taken after it keeps
   * its own time if that is later.
   */
  recordSent(epoch: number, atMs = this.nowMs()): void {
    const sentMs = atMs + this.timing.sendMs;
    this.lastSentMs = this.isOwn(epoch) ? sentMs : Math.max(this.lastSentMs, sentMs);
  }

  /** Reverts {@link recordStart} for this epoch: the call was not sent. */
  revertStart(epoch: number): void {
    if (this.isOwn(epoch)) {
      this.lastSentMs = this.previousSentMs;
      this.slotDelayMs = this.previousDelayMs;
      this.isOwnEpoch = false;
    }
  }

  /** Forgets with which delay the last slot was taken: the delay was changed, and the new one counts from the last call. */
  forgetDelay(): void {
    this.slotDelayMs = 0;
    this.previousDelayMs = 0;
  }

  /** Returns the milliseconds until a call may be sent; zero or less if it may be sent now. */
  opensInMs(delayMs: number): number {
    const distanceMs = this.distanceMs(delayMs);
    return distanceMs === 0 ? 0 : this.lastSentMs + distanceMs - this.nowMs();
  }

  /** Returns how long before its slot a call is started so that it is ready when the slot opens. */
  sendLeadMs(delayMs: number): number {
    return this.sendLatency.leadMs(delayMs);
  }

  /** Records the time from starting a call until it was ready to be sent. */
  recordSendLatency(ms: number): void {
    this.sendLatency.record(ms);
  }

  /**
   * Returns the milliseconds until it is time to claim: zero or less if it is time now, and never more than the delay
   * in effect.
   */
  claimInMs(delayMs: number): number {
    const startsInMs = this.opensInMs(delayMs) - this.sendLeadMs(delayMs);
    return Math.min(
      startsInMs - this.claimLeadMs(delayMs) + this.handicapMs(delayMs),
      this.distanceMs(delayMs),
    );
  }

  /**
   * Returns how much earlier a claim may begin than {@link claimInMs} says, in ms, if it shares a transaction with claims of
   * other lanes.
   */
  earlyMs(delayMs: number): number {
    return Math.min(this.timing.maxEarlyMs, delayMs / 4);
  }

  /**
   * Returns the slot to reserve, if the commit that moves the slot begins now. In a shared store others count from the
   * latest possible send, so the commit gets the time that it may take; `minCommitMs` is a lower bound known to the
   * caller. In an exclusive store it is the moment at which the slot opens.
   */
  reserve(delayMs: number, minCommitMs = 0): SlotReservation {
    const opensInMs = this.opensInMs(delayMs);
    if (!this.sharing.isShared) {
      return { sendWithinMs: Math.max(0, opensInMs), delayMs };
    }
    const toleranceMs = clamp(delayMs * TOLERANCE, MIN_TOLERANCE_MS, MAX_TOLERANCE_MS);
    const commitMs = Math.min(Math.max(this.commitLatency.upperBound(4), minCommitMs), MAX_STATEMENT_MS);
    return { sendWithinMs: Math.max(opensInMs + toleranceMs, commitMs + MIN_COMMIT_MS), delayMs };
  }

  /** Records the duration of a claim, from its first read to the end of its commit. */
  recordClaimLatency(ms: number): void {
    this.claimLatency.add(Math.min(ms, 2 * this.claimLatency.upperBound(4) + EXPECTED_GROWTH_MS));
  }

  /** Records the duration of a commit that moves the slot. */
  recordCommitLatency(ms: number): void {
    this.commitLatency.add(ms);
  }

  /** Returns the required time between the last call and the next one. */
  private distanceMs(delayMs: number): number {
    return Math.max(delayMs, this.slotDelayMs);
  }

  /**
   * Returns the extra delay before this process claims. The holder of the last epoch has none and goes first: if all
   * woke at the same moment, each would delay the others.
   */
  private handicapMs(delayMs: number): number {
    const isFirst = this.isOwnEpoch || !this.sharing.isShared;
    return isFirst ? 0 : Math.min(delayMs, MAX_HANDICAP_BASE_MS) * this.handicap;
  }

  private isOwn(epoch: number): boolean {
    return this.isOwnEpoch && this.epoch === epoch;
  }

  /**
   * Returns how long before the slot a claim begins. Near the store a quarter of the delay is enough. A distant server
   * may take up to the whole delay; more is useless, because a claim does not begin before the last call was started.
   */
  private claimLeadMs(delayMs: number): number {
    const { deviations, minLeadMs, maxLeadMs } = this.timing;
    const claimMs = clamp(this.claimLatency.upperBound(deviations), minLeadMs, maxLeadMs);
    return Math.min(claimMs, claimMs <= MAX_NEAR_CLAIM_MS ? delayMs / 4 : delayMs);
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
