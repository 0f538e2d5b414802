import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { DomainError } from '../../domain/domain-error.js';
import { ProblemDetailsError } from '../http/problem-details.js';
import { currentRequest } from '../telemetry/request-context.js';
import type { Authenticator } from './authenticator.js';
import { readCredential } from './credential.js';
import { isDetailedPath, isPublicPath } from './public-paths.js';

/**
 * Authenticates every request except those to public paths, before any of its body is read. Public paths that
 * tell a client more identify it if they can, and refuse nobody. Scopes are checked later by `ScopeGuard`, when the
 * endpoint is known.
 */
export function authenticate(authenticator: Authenticator): RequestHandler {
  const identify = async (request: Request): Promise<void> => {
    const credential = readCredential(request.headers);
    if (credential === undefined) {
      throw unauthorizedError('a key or a token is needed', 'Bearer realm="sluice"');
    }
    const client = credential === null ? null : await authenticator.authenticate(credential);
    const context = currentRequest();
    if (credential === null || client === null || context === undefined) {
      throw unauthorizedError(
        'the key or token is not valid',
        'Bearer realm="sluice", error="invalid_token"',
      );
    }
    context.client = client;
    context.credential = credential;
  };
  const identifyIfKnown = async (request: Request): Promise<void> => {
    if (readCredential(request.headers) === undefined) {
      return;
    }
    try {
      await identify(request);
    } catch (error) {
      if (!(error instanceof ProblemDetailsError || error instanceof DomainError)) {
        throw error;
      }
    }
  };
  return (request: Request, _response: Response, next: NextFunction) => {
    const isPublic = isPublicPath(request.path);
    if (isPublic && !isDetailedPath(request.path)) {
      next();
      return;
    }
    (isPublic ? identifyIfKnown(request) : identify(request)).then(() => {
      next();
    }, next);
  };
}

/** Creates the 401 of a request without valid credentials (RFC 9110, section 15.5.2; RFC 6750, section 3). */
export function unauthorizedError(detail: string, challenge: string): ProblemDetailsError {
  return new ProblemDetailsError(401, detail, [], { 'WWW-Authenticate': challenge });
}
