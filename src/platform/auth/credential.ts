import type { IncomingHttpHeaders } from 'node:http';

const BEARER = /^Bearer +([\w.~+/=-]+)$/i;
/** A longer credential is rejected unread. */
export const MAX_CREDENTIAL_LENGTH = 8192;

/** Reads the key or token of a request. Returns undefined if there is none, null if it is malformed. */
export function readCredential(headers: IncomingHttpHeaders): string | null | undefined {
  const { authorization, 'x-api-key': apiKey } = headers;
  if (authorization === undefined && apiKey === undefined) {
    return undefined;
  }
  const [, bearer] = BEARER.exec(authorization ?? '') ?? [];
  if (authorization !== undefined && (bearer === undefined || (apiKey !== undefined && apiKey !== bearer))) {
    return null;
  }
  const credential = bearer ?? apiKey;
  return typeof credential === 'string' && credential.length <= MAX_CREDENTIAL_LENGTH ? credential : null;
}
