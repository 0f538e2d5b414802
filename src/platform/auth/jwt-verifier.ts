import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { SECOND_MS } from '../config/units.js';
import type { JwtOptions } from './auth.options.js';
import { TokenIssuerUnavailableError } from './authenticator.js';
import { isClientName, isScope, type AuthenticatedClient } from '../../domain/authenticated-client.js';

/** Algorithms with a public key only. With a shared secret this service could create tokens itself. */
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

/**
 * Verifies tokens of an identity provider: their signature (with the provider's published keys), issuer,
 * audience and time.
 */
export class JwtVerifier {
  private readonly keys: JWTVerifyGetKey;

  constructor(private readonly options: JwtOptions) {
    this.keys = createRemoteJWKSet(new URL(options.jwksUrl), { timeoutDuration: 5000 });
  }

  /**
   * Resolves with the client of the token; null if the token is not valid.
   * @throws TokenIssuerUnavailableError
   */
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
    error.code !== 'ERR_JOSE_GENERIC' // the response was not a key set
  );
}

/**
 * Reads the claims of RFC 9068: `client_id` names the client, `scope` its permissions, among scopes of other
 * services.
 */
function toClient(payload: JWTPayload): AuthenticatedClient | null {
  const name = payload['client_id'] ?? payload.sub;
  const { scope } = payload;
  if (typeof name !== 'string' || !isClientName(name)) {
    return null;
  }
  const scopes = typeof scope === 'string' ? scope.split(' ').filter(isScope) : [];
  return {
    name,
    scopes: new Set(scopes),
    ...(payload.exp !== undefined && { expiresAtMs: (payload.exp + CLOCK_TOLERANCE_SECONDS) * SECOND_MS }),
  };
}
