import type { IncomingHttpHeaders } from 'node:http';

/**
 * Tells whether a browser sends this request for a page of another origin. Programs send neither of the two
 * headers.
 * `Sec-Fetch-Site` is set by the browser itself (https://www.w3.org/TR/fetch-metadata/). Older browsers send
 * only `Origin`, which is compared with the `Host` of the request; the scheme is ignored, because a proxy may
 * have terminated TLS. `allowedOrigins` are the origins that CORS allows; `*` allows any. `ownHosts` are further
 * names of this service, as a browser sees them, for proxies that change `Host`; a name without a port stands for
 * the scheme's port.
 */
export function isCrossSiteRequest(
  headers: IncomingHttpHeaders,
  allowedOrigins: readonly string[],
  ownHosts: readonly string[] = [],
): boolean {
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
  if (site !== undefined) {
    return true;
  }
  const originHost = toHost(origin);
  return originHost === null || (originHost !== host?.toLowerCase() && !ownHosts.includes(originHost));
}

/** Returns the host of an origin; null for the opaque origin `null`, and for a text that is not an origin. */
function toHost(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
