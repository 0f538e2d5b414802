import { randomBytes } from 'node:crypto';

/**
 * The trace that a call belongs to (https://www.w3.org/TR/trace-context/): one for each dispatch, named by the
 * dispatch's own id, so that either is found by the other. Each request is a span of its own in it.
 */
export function toTraceparent(dispatchId: string): string {
  return `00-${dispatchId.replaceAll('-', '')}-${randomBytes(8).toString('hex')}-01`;
}
