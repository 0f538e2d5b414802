import type { RequestHandler } from 'express';
import { isCrossSiteRequest } from './cross-site-request.js';
import { hasBody } from './has-body.js';
import type { HttpServerOptions } from './http-server.options.js';
import { parseMediaType } from './media-type.js';
import { ProblemDetailsError, unsupportedMediaTypeError } from './problem-details.js';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

type Options = Pick<HttpServerOptions, 'corsOrigins' | 'allowedHosts'>;

/**
 * Rejects requests that may change something and that a browser sends for a page of another origin. Browsers send many
 * of them without a preflight: those without a body, and those whose body is text or has no type. A body without a type
 * is answered with 415 as everywhere. Other requests are answered with 403 in open mode; with keys they pass, because a
 * key proves that the client itself sends them.
 */
export function rejectCrossSiteChanges(
  { corsOrigins, allowedHosts }: Options,
  isOpen: boolean,
): RequestHandler {
  return ({ method, headers }, _response, next) => {
    if (SAFE_METHODS.has(method) || !isCrossSiteRequest(headers, corsOrigins, allowedHosts)) {
      next();
    } else if (hasBody(headers) && parseMediaType(headers['content-type']) === null) {
      next(unsupportedMediaTypeError());
    } else if (isOpen) {
      next(
        new ProblemDetailsError(
          403,
          'a page of another origin may change nothing here: add its origin to CORS_ORIGINS, or the name of this service to ALLOWED_HOSTS',
        ),
      );
    } else {
      next();
    }
  };
}
