import type { RequestContext } from '../telemetry/request-context.js';
import type { SpanRef } from '../../domain/request-trace.js';
import { toRootSpan } from '../telemetry/trace-ids.js';

/** Returns the trace fields of a line: those of its dispatch, otherwise those of the request. */
export function traceFields(line: object, request: RequestContext | undefined): object | undefined {
  const span = 'dispatch_id' in line ? toRootSpan(String(line.dispatch_id)) : requestSpan(request);
  return span === null ? undefined : { trace_id: span.traceId, span_id: span.spanId };
}

function requestSpan(request: RequestContext | undefined): SpanRef | null {
  return request?.trace?.acceptSpan ?? request?.trace?.parent ?? null;
}
