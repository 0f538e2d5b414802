/** An ingestion is staged in blocks; each block but the last holds a multiple of this many ids. */
export const STAGING_CHUNK_IDS = 500;

/** The ids of a client that are pending and were never sent, and the ids of its staged ingestions. */
export interface PendingCounts {
  readonly pending: number;
  readonly staged: number;
}

/** The next ids of a staged ingestion. */
export interface StagedBlock {
  readonly packedIds: Uint8Array;
  /** Number of ids staged before this block. */
  readonly precedingIds: number;
}

/**
 * Stores the ids of ingestions that are still arriving. They are invisible elsewhere until `acceptAll` of the
 * ingestions accepts them. A staged ingestion that is neither accepted nor abandoned is abandoned when its lease
 * expires. Every method throws `StoreUnavailableError` if the store cannot do it now.
 */
export abstract class StagingRepository {
  /** Resolves with the staging number of a new, empty ingestion of that client. */
  abstract create(leaseMs: number, client: string | null): Promise<number>;

  /**
   * Counts the ids of the client; with null (authentication disabled) the ids of all clients. Its cost does not grow
   * with the number of pending ids.
   */
  abstract pendingCounts(client: string | null): Promise<PendingCounts>;

  /**
   * Adds a block in one small transaction and renews the lease.
   * @throws StoreUnavailableError also where the staging was abandoned or does not hold the preceding ids
   */
  abstract append(stagingNo: number, block: StagedBlock, leaseMs: number): Promise<void>;

  /** Extends the lease to `leaseMs` from now. */
  abstract renew(stagingNo: number, leaseMs: number): Promise<void>;

  /**
   * Abandons a staging that was not accepted; its ids are removed in small steps. Does nothing if it was already
   * abandoned.
   */
  abstract abandon(stagingNo: number): Promise<void>;
}
