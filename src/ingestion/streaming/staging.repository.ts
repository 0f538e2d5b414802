/** A list of any length is staged in blocks; each but the last holds a multiple of this many ids. */
export const STAGING_CHUNK_IDS = 500;

/** The ids of a client that wait and were never sent, and those of its lists that are still arriving. */
export interface PendingCounts {
  readonly pending: number;
  readonly staged: number;
}

/** The next ids of a list. */
export interface StagedBlock {
  readonly packedIds: Uint8Array;
  /** How many ids were staged before it. */
  readonly precedingIds: number;
}

/**
 * Holds the ids of lists that are still arriving, out of sight of everything else, until `acceptAll` of the
 * ingestions accepts one. What is neither accepted nor given up is given up once its lease has run out.
 * Every method throws `StoreUnavailableError` when the store cannot do it now.
 */
export abstract class StagingRepository {
  /** Resolves with the number of a new, empty list of that client. */
  abstract create(leaseMs: number, client: string | null): Promise<number>;

  /** Of null, where nobody is asked who he is, all there are. Its cost does not grow with what waits. */
  abstract pendingCounts(client: string | null): Promise<PendingCounts>;

  /**
   * Adds a block in one small transaction, and renews the lease.
   * @throws StoreUnavailableError also where the list was given up, or does not hold what came before the block.
   */
  abstract append(stagingNo: number, block: StagedBlock, leaseMs: number): Promise<void>;

  /** Keeps the list from being given up for `leaseMs` from now on. */
  abstract renew(stagingNo: number, leaseMs: number): Promise<void>;

  /** Gives up a list that was not accepted; its ids are removed in small steps. Does nothing where it was. */
  abstract abandon(stagingNo: number): Promise<void>;
}
