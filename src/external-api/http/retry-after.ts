const SECONDS = /^\d{1,9}$/;
/** IMF-fixdate, the one form that RFC 9110 lets anyone send. */
const DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * How long a `Retry-After` asks to wait; undefined where it asks for nothing that one could wait for. A date is read
 * beside the answer's own `Date`, so that clocks which differ do not matter.
 */
export function parseRetryAfter(
  retryAfter: string | undefined,
  date: string | undefined,
  nowMs: number,
): number | undefined {
  const text = retryAfter?.trim() ?? '';
  if (SECONDS.test(text)) {
    return positiveOrUndefined(Number(text) * 1000);
  }
  return positiveOrUndefined(parseDate(text) - (parseDate(date?.trim() ?? '') || nowMs));
}

/** NaN where it is none. */
function parseDate(text: string): number {
  return DATE.test(text) ? Date.parse(text) : NaN;
}

function positiveOrUndefined(ms: number): number | undefined {
  return ms > 0 ? ms : undefined;
}
