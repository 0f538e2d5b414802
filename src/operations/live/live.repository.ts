import type { ClaimOptions } from '../../scheduler/queue/queue.repository.js';
import type { Priority } from '../../domain/priority.js';

/** The settings that decide which ids are next. */
export type OrderPolicy = Pick<ClaimOptions, 'agingMs' | 'fairShare'>;

/** Ids of one ingestion that are next to each other in the queue. */
export interface QueuedIds {
  readonly ingestionId: string;
  readonly priority: Priority;
  /** True if they were sent before. */
  readonly isRetry: boolean;
  readonly packedIds: Uint8Array;
}

/** The ids of one batch in a dispatch. */
export interface DispatchPartSnapshot {
  readonly ingestionId: string;
  readonly batchNo: number;
  readonly priority: Priority;
  readonly size: number;
  /** True if they were sent before. */
  readonly isRetry: boolean;
  /** The first ids of the part, up to the requested number. */
  readonly packedIds: Uint8Array;
}

/** A dispatch in its current state. */
export interface DispatchSnapshot {
  readonly dispatchNo: number;
  readonly dispatchId: string;
  readonly startedAtMs: number;
  /** Wall time in ms; null while the dispatch is in flight. */
  readonly endedAtMs: number | null;
  readonly ending: 'settled' | 'lapsed' | 'released' | null;
  /** The number of its ids that did not succeed in it. */
  readonly unsuccessful: number;
  /** The parts, without those of deleted ingestions. */
  readonly parts: readonly DispatchPartSnapshot[];
}

/** Reads the recent and the next dispatches. Every method throws `StoreUnavailableError`. */
export abstract class LiveRepository {
  /** Lists the first `limit` ids of a lane's queue, in the order in which claims would take them now. */
  abstract upcoming(lane: string, order: OrderPolicy, limit: number): Promise<QueuedIds[]>;

  /** Lists the newest `limit` dispatches of a lane, the newest first, with at most `idsEach` ids per part. */
  abstract recent(lane: string, limit: number, idsEach: number): Promise<DispatchSnapshot[]>;
}
