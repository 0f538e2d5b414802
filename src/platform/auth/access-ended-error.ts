import { ProblemDetailsError } from '../http/problem-details.js';

/** `reduced`: the key or token is valid, and has lost a scope. */
export type AccessEndReason = 'revoked' | 'expired' | 'reduced';

const DETAILS: Readonly<Record<AccessEndReason, string>> = {
  revoked: 'the key or token is no longer valid',
  expired: 'the token has expired',
  reduced: 'the key or token has lost a scope',
};

export function describeEnd(reason: AccessEndReason): string {
  return DETAILS[reason];
}

/** The credential of a request has ended while the request was answered: 401, or 403 if it only lost a scope. */
export class AccessEndedError extends ProblemDetailsError {
  constructor(readonly reason: AccessEndReason) {
    const isReduced = reason === 'reduced';
    super(
      isReduced ? 403 : 401,
      DETAILS[reason],
      [],
      isReduced ? {} : { 'WWW-Authenticate': 'Bearer realm="sluice", error="invalid_token"' },
    );
  }
}
