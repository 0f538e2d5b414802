/** The body of a response is not valid. */
export class MalformedResponseError extends Error {
  override readonly name = 'MalformedResponseError';
}
