import { DomainError } from './domain-error.js';

/** The service is stopping and accepts no new work. Becomes 503 with `Retry-After`. */
export class ServiceStoppingError extends DomainError {
  override readonly kind = 'unavailable';
  override readonly name = 'ServiceStoppingError';

  constructor() {
    super('the service is stopping', { retryAfterSeconds: 5 });
  }
}
