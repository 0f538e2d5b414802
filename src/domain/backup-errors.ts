import { DomainError } from './domain-error.js';

/** The service makes no backups: it has no place for them, or its store has ways of its own. Becomes 501. */
export class BackupNotSupportedError extends DomainError {
  override readonly kind = 'unsupported';
  override readonly name = 'BackupNotSupportedError';
}

/** One is being written. Becomes 409. */
export class BackupInProgressError extends DomainError {
  override readonly kind = 'conflict';
  override readonly name = 'BackupInProgressError';

  constructor() {
    super('a backup is under way');
  }
}

/** It could not be written; there is nothing left of it. Becomes 503 with `Retry-After`. */
export class BackupFailedError extends DomainError {
  override readonly kind = 'unavailable';
  override readonly name = 'BackupFailedError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, { ...options, retryAfterSeconds: 1 });
  }
}
