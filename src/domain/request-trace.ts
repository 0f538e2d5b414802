/** Identifies a span of a trace. */
export interface SpanRef {
  readonly traceId: string;
  readonly spanId: string;
}

/** The trace of a request. */
export interface RequestTrace {
  /** The span of the client that sent the request. */
  readonly parent: SpanRef | null;
  /** The span of the ingestion that the request brought, once that is accepted. */
  acceptSpan?: SpanRef;
}
