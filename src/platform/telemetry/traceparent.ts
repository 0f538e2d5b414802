import type { SpanRef } from '../../domain/request-trace.js';

/** The header of https://www.w3.org/TR/trace-context/. Later versions may append further fields. */
const TRACEPARENT = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const SAMPLED = 1;

/** Returns the client's span; null if the header is missing, malformed or not sampled. */
export function parseTraceparent(traceparent: string | readonly string[] | undefined): SpanRef | null {
  const found = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent) : null;
  if (found === null) {
    return null;
  }
  const [, version, traceId = '', spanId = '', flags = '', more] = found;
  const isKept = (Number.parseInt(flags, 16) & SAMPLED) !== 0;
  return isKept && (version !== '00' || more === undefined) ? { traceId, spanId } : null;
}
