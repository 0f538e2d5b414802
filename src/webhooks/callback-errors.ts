/** A callback URL that is not accepted, and why. Becomes 400. */
export class CallbackRefusedError extends Error {
  override readonly name = 'CallbackRefusedError';
}
