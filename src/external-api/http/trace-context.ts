import type { Runtime } from '../../domain/runtime.js';

/**
 * Returns the `traceparent` of a request (https://www.w3.org/TR/trace-context/). The trace id is the dispatch
 * id, so one can be found by the other. Each request is a span of its own.
 */
export function toTraceparent(dispatchId: string, runtime: Runtime): string {
  return `00-${dispatchId.replaceAll('-', '')}-${runtime.randomBytes(8).toString('hex')}-01`;
}
