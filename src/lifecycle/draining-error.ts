/** The service is stopping and takes nothing more. Becomes 503 with `Retry-After`. */
export class DrainingError extends Error {
  override readonly name = 'DrainingError';

  constructor() {
    super('the service is stopping');
  }
}
