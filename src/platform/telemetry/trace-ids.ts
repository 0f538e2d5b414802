import type { SpanRef } from '../../domain/request-trace.js';

/**
 * The first span of a trace that is named by what it follows, so that nothing has to be kept to find it again: the trace of an
 * ingestion, and that of a dispatch, has its id without the hyphens. So a dispatch links to the list of its ids, whichever process
 * accepted it. The first digit of the span's id is that of a UUID's variant, from 8 to b.
 */
export function toRootSpan(uuid: string): SpanRef {
  const traceId = uuid.replaceAll('-', '');
  return { traceId, spanId: traceId.slice(16) };
}
