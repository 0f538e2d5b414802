import type { RequestHandler } from 'express';
import { isAllowedHost } from './allowed-hosts.js';
import type { HttpServerOptions } from './http-server.options.js';
import { ProblemDetailsError } from './problem-details.js';

/** Probes and scrapers call these by any name. */
const ALWAYS_ANSWERED = /^\/(?:health(?:\/|$)|metrics\/?$)/;
/** Only a plausible host name is repeated in the answer. */
const HOST_NAME = /^[\w.:-]{1,255}$/;

/**
 * Rejects requests whose `Host` is a name that this service does not know, so that DNS rebinding gives a foreign page
 * nothing to read. It is for open mode: with keys, a foreign page lacks the key. A request without `Host` (HTTP/1.0)
 * passes, because no browser sends one.
 */
export function rejectUnknownHosts({
  allowedHosts,
}: Pick<HttpServerOptions, 'allowedHosts'>): RequestHandler {
  let lastAllowed: string | undefined; // most clients use one name, and a check costs 2 µs
  return ({ headers: { host }, path }, _response, next) => {
    if (host !== lastAllowed && host !== undefined && isAllowedHost(host, allowedHosts)) {
      lastAllowed = host;
    }
    if (host === lastAllowed || host === undefined || ALWAYS_ANSWERED.test(path)) {
      next();
      return;
    }
    next(
      new ProblemDetailsError(
        403,
        `the host ${HOST_NAME.test(host) ? `${host} ` : ''}is not a name of this service: add it to ALLOWED_HOSTS`,
      ),
    );
  };
}
