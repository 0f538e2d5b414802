import { DomainError } from './domain-error.js';

/** Backups are not available: no backup folder is configured, or the store has its own backup tools. Becomes 501. */
export class BackupNotSupportedError extends DomainError {
  override readonly kind = 'unsupported';
  override readonly name = 'BackupNotSupportedError';
}

/** Another backup is being written. Becomes 409. */
export class BackupInProgressError extends DomainError {
  override readonly kind = 'conflict';
  override readonly name = 'BackupInProgressError';

  constructor() {
    super('a backup is under way');
  }
}

/** The backup could not be written; no partial file remains. Becomes 503 with `Retry-After`. */
export class BackupFailedError extends DomainError {
  override readonly kind = 'unavailable';
  override readonly name = 'BackupFailedError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, { ...options, retryAfterSeconds: 1 });
  }
}
