/**
 * Traces are named by what they follow, so that nothing has to be kept to find them again: the trace of an ingestion, and that of a
 * dispatch, has its id without the hyphens. So a dispatch links to the acceptance of its ids, whichever process accepted them.
 */
export function traceIdOf(uuid: string): string {
  return uuid.replaceAll('-', '');
}

/** The first span of such a trace. Its first digit is that of a UUID's variant, from 8 to b. */
export function rootSpanIdOf(uuid: string): string {
  return traceIdOf(uuid).slice(16);
}
