import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { JwtOptions } from './auth.options.js';
import { TokenIssuerUnavailableError } from './authenticator.js';
import { isClientName, isScope, type AuthenticatedClient } from '../../domain/authenticated-client.js';

/** Those with a public key: a secret that the service would hold too could make tokens. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_SECONDS = 5;

/** Tokens of an identity provider: its signature, issuer, audience and time are checked with its own published keys. */
export class JwtVerifier {
  private readonly keys: JWTVerifyGetKey;

  constructor(private readonly options: JwtOptions) {
    this.keys = createRemoteJWKSet(new URL(options.jwksUrl), { timeoutDuration: 5000 });
  }

  /** Null where the token is not good. @throws TokenIssuerUnavailableError */
  async verify(token: string): Promise<AuthenticatedClient | null> {
    const { issuer, audience } = this.options;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp'],
      });
      return toClient(payload);
    } catch (error) {
      if (isTokenError(error)) {
        return null;
      }
      throw new TokenIssuerUnavailableError({ cause: error });
    }
  }
}

function isTokenError(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== 'ERR_JOSE_GENERIC' // the answer was no set of keys
  );
}

/** RFC 9068: `client_id` names the client, `scope` what it may do, among scopes of other services. */
function toClient(payload: JWTPayload): AuthenticatedClient | null {
  const name = payload['client_id'] ?? payload.sub;
  const { scope } = payload;
  if (typeof name !== 'string' || !isClientName(name)) {
    return null;
  }
  const scopes = typeof scope === 'string' ? scope.split(' ').filter(isScope) : [];
  return { name, scopes: new Set(scopes) };
}
