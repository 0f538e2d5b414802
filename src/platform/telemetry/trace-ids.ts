import type { SpanRef } from '../../domain/request-trace.js';

/**
 * Derives the root span of a trace from an id, so that nothing has to be stored: the trace id of an ingestion
 * or a dispatch is its UUID without the hyphens. A dispatch can therefore link to the ingestion of its ids,
 * whichever replica accepted it. The span id starts with the variant digit of the UUID (8 to b), so it is
 * never all zeros.
 */
export function toRootSpan(uuid: string): SpanRef {
  const traceId = uuid.replaceAll('-', '');
  return { traceId, spanId: traceId.slice(16) };
}
