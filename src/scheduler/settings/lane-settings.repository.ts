import type { AuditEntry } from '../../domain/audit.js';
import type { BaseSettings, Overrides } from '../../platform/config/lane-layers.js';

/** The settings of one lane as the store keeps them. It holds no secrets. */
export interface LaneDocument {
  /** The settings without what was changed over the API, the same for all replicas. */
  readonly base: BaseSettings;
  /** The digests of the bases that were replaced by later ones, the newest last. */
  readonly replacedBases: readonly string[];
  readonly overrides: Overrides;
  /** Present if the API has made the lane. */
  readonly made?: MadeLane;
}

/** The treatment of the pending ids of a lane that is retired: keep the lane, cancel them, or send them first. */
export const RETIRE_MODES = ['refuse', 'cancel', 'drain'] as const;

export type RetireMode = (typeof RETIRE_MODES)[number];

/** A lane that the API has made. A lane that is retired keeps its row, because the history names it. */
export interface MadeLane {
  readonly state: 'active' | 'retiring' | 'retired';
  /** The treatment of its pending ids; present while it is being retired. */
  readonly pending?: Exclude<RetireMode, 'refuse'>;
}

/** The settings of a lane in the store, with their version. Each change raises the version by one. */
export interface StoredLane {
  readonly lane: string;
  readonly version: number;
  /** Null if the lane has no settings in the store yet; then the version is 0. */
  readonly document: LaneDocument | null;
}

/** The dispatches that are added to the log of departures: those that may have left lately and are not in it. */
export interface DepartureSeed {
  /** True if each id is a call of its own. */
  readonly isPerId: boolean;
  /** The time in ms for which dispatches are looked back at: the longest window of the limits. */
  readonly withinMs: number;
  /** The time in ms from now within which a dispatch in flight that waits for no slot may still leave. */
  readonly leavesWithinMs: number;
}

/** A change of the settings of one lane. */
export interface LaneWrite {
  readonly lane: string;
  /** The version that is changed. */
  readonly version: number;
  readonly document: LaneDocument;
  /** True if the next slot counts by the new delay alone, not by the one with which the last slot was taken. */
  readonly forgetsDelay: boolean;
  /** The departures that are added to the log with the change; null or absent if there are none. */
  readonly seed?: DepartureSeed | null;
  /** True if the lane has limits that need the log of departures, and has none after the change. */
  readonly endsLog?: boolean;
  /** The entry of the audit log that is stored with the change; absent where no client has made it. */
  readonly audit?: AuditEntry;
}

/** The digests of the bases with which a replica runs, by lane. */
export type ReplicaBases = Readonly<Record<string, string>>;

/** A change that is stored. */
export interface WrittenLane {
  readonly version: number;
  /**
   * Time for which calls that were claimed before may still leave, in ms; zero or less if none may. Only other processes
   * can send them.
   */
  readonly grantedForMs: number;
}

/**
 * The settings of all lanes in the store. A claim reads the version with its gate. A change raises the claim epoch, so a
 * claim that has read other settings is void. Every method throws `StoreUnavailableError` if the store is unavailable.
 */
export abstract class LaneSettingsRepository {
  /** Reads the settings of every lane that the store knows. */
  abstract readAll(): Promise<readonly StoredLane[]>;

  /** Reads the settings of one lane. */
  abstract read(lane: string): Promise<StoredLane>;

  /** Reads the versions alone, of the lanes that have settings in the store. */
  abstract readVersions(): Promise<ReadonlyMap<string, number>>;

  /**
   * Stores changes in one durable transaction. The result of a lane is null, and nothing of it has changed, if its
   * version is not the one that was to be changed.
   */
  abstract write(writes: readonly LaneWrite[]): Promise<readonly (WrittenLane | null)[]>;

  /**
   * Records that a replica runs with these bases, and forgets those that were not seen for `timeoutMs`. Resolves with the
   * bases of the other replicas that run.
   */
  abstract meet(replicaId: string, bases: ReplicaBases, timeoutMs: number): Promise<readonly ReplicaBases[]>;

  /** Records that a replica has stopped. */
  abstract leave(replicaId: string): Promise<void>;
}
