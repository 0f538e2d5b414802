import type { SpanRef } from '../../domain/request-trace.js';

/** https://www.w3.org/TR/trace-context/: a later version may say more behind what this one says. */
const TRACEPARENT = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const SAMPLED = 1;

/** The client's span; null where it names none, in no usable way, or one that nobody keeps. */
export function parseTraceparent(traceparent: string | readonly string[] | undefined): SpanRef | null {
  const found = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent) : null;
  if (found === null) {
    return null;
  }
  const [, version, traceId = '', spanId = '', flags = '', more] = found;
  const isKept = (Number.parseInt(flags, 16) & SAMPLED) !== 0;
  return isKept && (version !== '00' || more === undefined) ? { traceId, spanId } : null;
}
