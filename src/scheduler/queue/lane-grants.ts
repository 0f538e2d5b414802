import type { ClaimedDispatch } from '../../domain/dispatch.js';
import type { QuietHours } from '../../domain/limits/quiet-hours.js';
import type { LaneDepartures } from '../rules/lane-departures.js';

/**
 * Time from the begin of a claim within which a call of a lane without a pace may leave; a later one asks the store first if
 * the settings are still the same. A change of the settings of such a lane takes effect after this time at the latest. It is
 * longer than a store takes to answer: otherwise every call would be late, also after it has asked.
 */
export const UNPACED_LEAVE_MS = 2000;

/** The settings of a lane have changed since a dispatch was claimed, so its calls must not leave any more. */
export class OutdatedSettingsError extends Error {
  override readonly name = 'OutdatedSettingsError';

  constructor(lane: string) {
    super(`the settings of lane ${lane} have changed since its claim`);
  }
}

/** The rights that a claim has given to one dispatch. */
export interface Grant {
  /** The version of the settings under which it was claimed. */
  readonly settingsVersion: number;
  /** The departures that it is charged in; null if the lane had no rules. */
  readonly departures: LaneDepartures | null;
  /** The hours in which its calls must not leave; null if there are none. */
  readonly quietHours: QuietHours | null;
  /**
   * The latest monotonic time at which its calls may leave unasked; null if a departure decides that, or a slot that is not
   * used yet.
   */
  leavesByMs: number | null;
  /**
   * The monotonic time at which its lease ends. It counts from before the commit was sent, so the lease ends here no later
   * than in the store: until then no other process has reclaimed the ids.
   */
  leaseEndsMs: number;
}

/**
 * Holds the grants of the dispatches that this process has claimed and not ended, and the version of the settings of each
 * lane that this process has read last. A dispatch that was claimed under other settings is outdated. One whose lease has
 * ended is void: the process was suspended, or its store away, for longer than the lease.
 */
export class LaneGrants {
  private readonly grants = new Map<string, Grant>();
  private readonly versions = new Map<string, number>();

  add(dispatchId: string, grant: Grant): void {
    this.grants.set(dispatchId, grant);
  }

  of(dispatchId: string): Grant | undefined {
    return this.grants.get(dispatchId);
  }

  delete(dispatchId: string): void {
    this.grants.delete(dispatchId);
  }

  /** Records a renewed lease. It does not revive a dispatch that has ended. */
  renew(dispatchId: string, leaseEndsMs: number): void {
    const grant = this.grants.get(dispatchId);
    if (grant !== undefined) {
      grant.leaseEndsMs = leaseEndsMs;
    }
  }

  /** Returns true if the ids of the dispatch certainly belong to this process at this monotonic time. */
  isHeld(dispatchId: string, nowMs: number): boolean {
    const grant = this.grants.get(dispatchId);
    return grant !== undefined && nowMs < grant.leaseEndsMs;
  }

  /** Returns true if the lane of this dispatch has its quiet hours at this wall time. */
  isQuiet(dispatchId: string, wallMs: number): boolean {
    const endsAtMs = this.grants.get(dispatchId)?.quietHours?.endsAt(wallMs) ?? null;
    return endsAtMs !== null;
  }

  /** Records the version of the settings of a lane that the store holds now. */
  learn(lane: string, settingsVersion: number): void {
    this.versions.set(lane, settingsVersion);
  }

  /** Returns true if the settings of the lane have changed since this dispatch was claimed, as far as is known. */
  isOutdated({ lane, dispatchId }: Pick<ClaimedDispatch, 'lane' | 'dispatchId'>): boolean {
    const grant = this.grants.get(dispatchId);
    const version = this.versions.get(lane);
    return grant !== undefined && version !== undefined && version !== grant.settingsVersion;
  }
}
