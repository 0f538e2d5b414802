import type { ClaimOptions } from '../../scheduler/queue/queue.repository.js';
import type { Priority } from '../../domain/priority.js';

/** What decides which ids go next. */
export type OrderPolicy = Pick<ClaimOptions, 'agingMs' | 'fairShare'>;

/** Ids of one ingestion that stand together in the queue. */
export interface QueuedIds {
  readonly ingestionId: string;
  readonly priority: Priority;
  /** They were sent before. */
  readonly isRetry: boolean;
  readonly packedIds: Uint8Array;
}

/** What one batch has in a dispatch. */
export interface DispatchPartSnapshot {
  readonly ingestionId: string;
  readonly batchNo: number;
  readonly priority: Priority;
  readonly size: number;
  /** They were sent before. */
  readonly isRetry: boolean;
  /** The first of its ids, as many as were asked for. */
  readonly packedIds: Uint8Array;
}

/** A dispatch as it stands. */
export interface DispatchSnapshot {
  readonly dispatchNo: number;
  readonly dispatchId: string;
  readonly startedAtMs: number;
  /** Null while its call runs. */
  readonly endedAtMs: number | null;
  readonly ending: 'settled' | 'lapsed' | 'released' | null;
  /** How many of its ids did not succeed in it. */
  readonly unsuccessful: number;
  /** Without those of ingestions that were removed. */
  readonly parts: readonly DispatchPartSnapshot[];
}

/** What has gone through the gate lately, and what goes next. Every method throws `StoreUnavailableError`. */
export abstract class LiveRepository {
  /** The first `limit` ids of a lane's queue, in the order in which claims would take them now. */
  abstract upcoming(lane: string, order: OrderPolicy, limit: number): Promise<QueuedIds[]>;

  /** The newest `limit` dispatches of a lane, the newest first, each with at most `idsEach` ids of a part. */
  abstract recent(lane: string, limit: number, idsEach: number): Promise<DispatchSnapshot[]>;
}
