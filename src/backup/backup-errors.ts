/** The service makes no backups: it has no place for them, or its store has ways of its own. Becomes 501. */
export class NoBackupsError extends Error {
  override readonly name = 'NoBackupsError';
}

/** One is being written. Becomes 409. */
export class BackupUnderWayError extends Error {
  override readonly name = 'BackupUnderWayError';

  constructor() {
    super('a backup is under way');
  }
}

/** It could not be written; there is nothing left of it. Becomes 503 with `Retry-After`. */
export class BackupFailedError extends Error {
  override readonly name = 'BackupFailedError';
}
