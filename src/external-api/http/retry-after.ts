const SECONDS = /^\d{1,9}$/;
/** The IMF-fixdate format, the only one that RFC 9110 allows to send. */
const DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Parses a `Retry-After`. Returns the time in ms; undefined if the header is missing or not usable. A date is
 * compared with the `Date` of the response, so that clock differences do not matter.
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

/** Returns NaN if the text is not a date. */
function parseDate(text: string): number {
  return DATE.test(text) ? Date.parse(text) : NaN;
}

function positiveOrUndefined(ms: number): number | undefined {
  return ms > 0 ? ms : undefined;
}
