import { randomBytes } from 'node:crypto';

/**
 * Returns the `traceparent` of a request (https://www.w3.org/TR/trace-context/). The trace id is the dispatch
 * id, so one can be found by the other. Each request is a span of its own.
 */
export function toTraceparent(dispatchId: string): string {
  return `00-${dispatchId.replaceAll('-', '')}-${randomBytes(8).toString('hex')}-01`;
}
