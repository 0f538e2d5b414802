import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a page of another origin in a browser sends this request. Programs send neither of the two headers.
 * `Sec-Fetch-Site` is the browser's own word (https://www.w3.org/TR/fetch-metadata/). Older browsers send `Origin` alone,
 * which is compared with the host that was asked; the scheme is left out, because a proxy may have ended TLS.
 * `allowedOrigins`: the origins that CORS allows; `*` allows any.
 */
export function isCrossSiteRequest(headers: IncomingHttpHeaders, allowedOrigins: readonly string[]): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') {
    return false;
  }
  if (origin === undefined) {
    return site !== undefined;
  }
  if (allowedOrigins.includes('*') || allowedOrigins.includes(origin)) {
    return false;
  }
  return site !== undefined || toHost(origin) !== host?.toLowerCase();
}

/** Null for an opaque origin, which is `null` in text, and for what is no origin. */
function toHost(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
