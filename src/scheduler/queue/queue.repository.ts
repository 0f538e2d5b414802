import type { Observable } from 'rxjs';
import type { ClaimedDispatch, Dispatch, KeptKey, Outcome } from '../../domain/dispatch.js';
import type { PriorityRank } from '../../domain/priority.js';
import type {
  DepartureDraft,
  DepartureLog,
  RulesQuestion,
  RulesReading,
} from '../rules/departure-log.store.js';
import type { SlotReading, SlotReservation, SlotSharing } from '../pacing/slot-schedule.js';

/** Ids that may be sent now and follow each other in the queue: the rest of an ingestion, or one due retry. */
export interface Candidate {
  readonly rank: PriorityRank;
  readonly isRetry: boolean;
  /** Store time when the ingestion was accepted, or when the retry became due. */
  readonly pendingSinceMs: number;
  /** The ingestion's place in the order of acceptance. */
  readonly seq: number;
  /** Position of the first id in its ingestion. */
  readonly first: number;
  readonly size: number;
  /** Name of the client; null for a retry, and for ids accepted without authentication, which count as one client. */
  readonly client: string | null;
  /** The batch of the ids: a started one for a retry, the ingestion's next one for new ids. */
  readonly batchNo: number;
  /** Number of failed attempts so far. */
  readonly failures: number;
  /** The cost of one of the ids, in units. */
  readonly units: number;
  /** The idempotency key that a retry keeps, because the outcome of its last call is unknown. */
  readonly keptKey?: KeptKey;
}

/** The first `size` ids of a candidate. */
export interface Selection {
  readonly candidate: Candidate;
  readonly size: number;
}

/** Number of ingestions of each client that the first read covers with fair share. */
export const INITIAL_LISTS_PER_CLIENT = 4;

/** Requests the gate of a lane and the head of its queue, with the settings of the lane in this process. */
export interface HeadRequest {
  readonly lane: string;
  /** The most ids that the claim takes. The store reads no more candidates of a stream. */
  readonly maxIds: number;
  /** With fair share, the number of ingestions read for each client; null reads in the order of acceptance. */
  readonly listsPerClient: number | null;
  readonly batchSize: number;
  readonly delayMs: number;
  readonly leaseMs: number;
  /** The question of the lane's rules; null if it has none, and then nothing is read for them. */
  readonly rules: RulesQuestion | null;
}

/** The calls that an upstream still accepts until its limit resets, as an answer to a dispatch tells it. */
export interface CallCeiling {
  /** The number of calls after the one that was answered. */
  readonly remaining: number;
  /** The time until the limit resets, in ms. */
  readonly forMs: number;
  /** True if each id of a dispatch is a call of its own. */
  readonly isPerId: boolean;
}

/** The state of a lane's gate: its last slot, and the reasons for which it may hold ids back. */
export interface GateReading extends SlotReading {
  /** True if the lane is paused for all processes. */
  readonly isPaused: boolean;
  /** Time for which the upstream still holds the lane, in ms; zero or less if it is not held. */
  readonly heldForMs: number;
  /** The version of the lane's settings; 0 if they were never changed. */
  readonly settingsVersion: number;
  /** The number of calls that claims may still take, see {@link QueueRepository.limitCalls}; infinite if none is known. */
  readonly callsLeft: number;
}

/** Returns true if a lane is paused, or held by its upstream. */
export function isGateClosed({ isPaused, heldForMs }: Pick<GateReading, 'isPaused' | 'heldForMs'>): boolean {
  return isPaused || heldForMs > 0;
}

/** The pending ids of a lane at one moment, as streams. They may be read once, before any other use of the store. */
export interface PendingStreams {
  /** Store time of the reading. */
  readonly nowMs: number;
  /** Streams of candidates, each sorted: due retries by due time, new ids by acceptance; one of each for a priority. */
  readonly streams: readonly Iterable<Candidate>[];
  /**
   * With fair share, the new ids of each priority: a stream for each client, the client whose turn is next first.
   * Otherwise empty.
   */
  readonly clientStreams: readonly Iterable<Iterable<Candidate>>[];
  /** Returns true if a client's stream ended although more of it may be pending: more ingestions must be read. */
  readonly isTruncated: () => boolean;
}

/** A lane's gate and the head of its queue, of one moment. */
export interface QueueHead extends PendingStreams {
  readonly gate: GateReading;
  /** The answer to `HeadRequest.rules`, of the same moment; null if the request has none. */
  readonly rules: RulesReading | null;
  /** The time until the next scheduled list of the lane is due, in ms; null if none is scheduled. */
  readonly scheduledInMs: number | null;
  /** The time until the next list of the lane expires, in ms; null if none does. */
  readonly expiresInMs: number | null;
}

/** The client served last in each priority; undefined if none was. */
export type LastServed = Readonly<Partial<Record<PriorityRank, string>>>;

/** The dispatches that one claim takes from one lane. */
export interface LaneSelection {
  readonly lane: string;
  /** The epoch under which the head was read. */
  readonly epoch: number;
  /** The ids of each dispatch. */
  readonly dispatches: readonly (readonly Selection[])[];
  /** The number of calls of all dispatches together. */
  readonly calls: number;
  readonly slot: SlotReservation;
  readonly batchSize: number;
  readonly leaseMs: number;
  /** With fair share, the clients served by this claim; otherwise null. */
  readonly served: LastServed | null;
  /** The departures to add to the log, one for each dispatch; null if the lane has no rule that needs them. */
  readonly departures: DepartureDraft | null;
}

/** The dispatches of a lane whose claim is committed. */
export interface CommittedClaim {
  /** The epoch after the claim. */
  readonly epoch: number;
  readonly dispatches: readonly Dispatch[];
  /** The number of the first departure that was added; the others follow it. Null if none was added. */
  readonly firstDepartureNo: number | null;
}

/** The outcomes of a dispatch, one for each id in its order. */
export interface Settlement {
  readonly dispatch: ClaimedDispatch;
  readonly outcomes: readonly Outcome[];
}

/**
 * The store as the queue. It reads sorted candidates and writes what was chosen; `PriorityQueue` decides. Slots, leases
 * and retries use the store's clock. Every method throws `StoreUnavailableError` if the store is unavailable; then
 * nothing has changed.
 */
export abstract class QueueRepository {
  /** Emits when another process may have accepted ids. It is a hint: it may come early, or not at all. */
  abstract readonly arrivals: Observable<void>;

  abstract readonly sharing: SlotSharing;

  abstract readonly departures: DepartureLog;

  /**
   * Reads the gate and the head of the queue of each lane, each lane in one snapshot. An embedded store answers at once,
   * not with a promise: if the claim is chosen and committed in the same tick, nothing comes in between.
   */
  abstract readHeads(requests: readonly HeadRequest[]): readonly QueueHead[] | Promise<readonly QueueHead[]>;

  /**
   * Reads the pending ids of a lane that keep a key of one of these dispatches, in the order of their places. A claim
   * reads them after its head. The epoch of the gate protects them as it protects the head: only claims and changes that
   * raise it take ids away. Like {@link readHeads}, an embedded store answers at once.
   */
  abstract readRepeated(
    lane: string,
    dispatchIds: readonly string[],
  ): readonly Candidate[] | Promise<readonly Candidate[]>;

  /**
   * Commits claims, at most one of each lane, in one durable transaction: moves the slot of each lane, takes the ids,
   * records the dispatches and their batches. It resolves after the commit, so that the calls may begin. The result of a
   * lane is null, and nothing of the lane has changed, if the epoch of its gate is no longer the one that was read.
   */
  abstract commitClaims(claims: readonly LaneSelection[]): Promise<readonly (CommittedClaim | null)[]>;

  /**
   * Cancels what was not sent of at most `limit` lists of the lane that have expired. If that were all, admits at most
   * `limit` lists that are due to its queue, the highest priority first. Each then stands as if it were accepted now.
   * Resolves with the time until the next list is due or expires, in ms, 0 if that may be now; null if there is none.
   */
  abstract admitDue(lane: string, limit: number): Promise<number | null>;

  /**
   * Resolves with the time until the next retry of the lane is due, in ms; null if there is none. With `afterMs`, store
   * time, only retries that are due after it count.
   */
  abstract nextDueInMs(lane: string, afterMs?: number): Promise<number | null>;

  /** Reads the gate alone. */
  abstract readGate(lane: string): Promise<GateReading>;

  /**
   * Takes the slot for a late call: it writes only the gate. Resolves with the new epoch; null after a lost race, and while
   * the lane is paused or held.
   */
  abstract takeSlot(lane: string, epoch: number, slot: SlotReservation): Promise<number | null>;

  /**
   * Moves the last slot of this epoch to this moment, because its call is sent later than reserved. Returns false if the store
   * of one process failed; in a shared store a failure is only logged, as no call leaves there after its reserved moment.
   */
  abstract publishLateSend(lane: string, epoch: number): boolean;

  /**
   * Releases a dispatch that was claimed and never started, as soon as the store answers, and before the next head of
   * its lane is read.
   */
  abstract abandon(dispatch: ClaimedDispatch): void;

  /**
   * Opens no slot of this lane for `forMs`, for all processes and across restarts. A shorter hold never ends a longer one
   * early.
   */
  abstract holdLane(lane: string, forMs: number): Promise<void>;

  /**
   * Lets claims of the lane take no more calls than an answer to this dispatch says to remain, for all processes and across
   * restarts. Calls that the upstream may not have counted by then are taken off: those that were claimed later, and those
   * that had no answer when the dispatch was claimed. When the last one is claimed, the lane is held until the limit resets.
   * An answer to an earlier dispatch than the one that has told the current ceiling changes nothing.
   */
  abstract limitCalls(dispatch: ClaimedDispatch, ceiling: CallCeiling): Promise<void>;

  /**
   * Records the outcomes of dispatches in one durable transaction. The result of a dispatch is false, and nothing of it
   * is recorded, if it is no longer held: its lease expired and its ids were reclaimed, or the store does not know it (a
   * failover can lose the newest commits). A store that makes several transactions durable together calls `onWritten` once
   * the outcomes are committed: what is claimed from then on is durable only with them.
   * @throws Error where the number of outcomes differs from the number of ids; then nothing at all is recorded
   */
  abstract settle(settlements: readonly Settlement[], onWritten?: () => void): Promise<readonly boolean[]>;

  /**
   * Releases the ids of dispatches, due at once, with no attempt counted. False as in {@link settle}. The ids keep the key
   * of their call if its outcome is unknown, which is the default; otherwise nothing was sent.
   */
  abstract release(
    dispatches: readonly ClaimedDispatch[],
    isOutcomeUnknown?: boolean,
  ): Promise<readonly boolean[]>;

  /** Renews the leases of the dispatches that are still held, and resolves with these. */
  abstract renewLeases(
    dispatches: readonly ClaimedDispatch[],
    leaseMs: number,
  ): Promise<readonly ClaimedDispatch[]>;

  /** Reclaims every dispatch with an expired lease: its ids are due at once. Resolves with the dispatch ids. */
  abstract reclaimExpired(): Promise<string[]>;
}
