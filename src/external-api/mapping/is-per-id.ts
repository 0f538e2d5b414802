import { parse } from 'yaml';

/** A placeholder for one id, also in a URL, where braces and blanks may be percent-encoded. */
const ONE_ID = /(?:\{|%7B){2}(?:\s|%20)*id(?:_text)?(?:\s|%20)*(?:\}|%7D){2}/i;
const ONE_ID_IN_URL = '{id}';

/** The settings that decide it. */
interface RequestVariables {
  readonly EXTERNAL_API_URL: string | undefined;
  readonly EXTERNAL_API_REQUEST: string | undefined;
}

/**
 * Tells whether each id of a lane has a request of its own: a placeholder for one id is in the URL, or anywhere in the request but
 * inside a list, whose element is repeated for each id. The settings need not be valid.
 */
export function isPerIdRequest(url: string, request: unknown): boolean {
  return url.includes(ONE_ID_IN_URL) || ONE_ID.test(url) || holdsOneId(request);
}

/** The same for settings that are not parsed yet. */
export function sendsRequestPerId({
  EXTERNAL_API_URL = '',
  EXTERNAL_API_REQUEST,
}: RequestVariables): boolean {
  return isPerIdRequest(EXTERNAL_API_URL, parseOrNothing(EXTERNAL_API_REQUEST));
}

/** Returns undefined for a text that cannot be parsed: it is refused elsewhere. */
function parseOrNothing(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : parse(text, { maxAliasCount: 0 });
  } catch {
    return undefined;
  }
}

function holdsOneId(value: unknown): boolean {
  if (typeof value === 'string') {
    return ONE_ID.test(value);
  }
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).some(holdsOneId)
  );
}
