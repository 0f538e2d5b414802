/** How the store stands beside taking work. */
export interface StoreStatus {
  /** The last migration that has run on it, perhaps of another replica's release. */
  readonly schemaVersion: number;
  /** The last migration that this program knows. */
  readonly knownSchemaVersion: number;
  /** What the store's file system has left; null where another machine keeps it. */
  readonly freeBytes: number | null;
  /** What the store takes up; null where another machine keeps it. */
  readonly usedBytes: number | null;
}

/** The store as a whole: what the service says of it, and how it is let go. */
export abstract class MaintenanceRepository {
  /** For people: which one and where. Holds no secret. */
  abstract readonly description: string;

  /** @throws StoreUnavailableError while the store does not take work. */
  abstract ping(): Promise<void>;

  /** @throws StoreUnavailableError where it cannot be asked. */
  abstract status(): Promise<StoreStatus>;

  /**
   * Writes a copy of all that is committed to a new file and to the disk, while the store works. Makes the folder of the
   * file where it is missing.
   * @throws BackupNotSupportedError where another machine keeps the store.
   */
  abstract backUp(path: string): Promise<void>;

  abstract close(): Promise<void>;
}
