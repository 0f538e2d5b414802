import {
  createRemoteJWKSet,
  customFetch,
  errors,
  jwtVerify,
  type JWTHeaderParameters,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { SECOND_MS } from '../config/units.js';
import type { JwtOptions } from './auth.options.js';
import { limitedJwksFetch } from './fetch-jwks.js';
import { TokenIssuerUnavailableError } from './authenticator.js';
import type { Clock } from '../../domain/clock.js';
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
/**
 * The `typ` of access tokens (RFC 9068, section 4). Issuers that do not follow it send `JWT` or none. Other tokens of the
 * issuer have a type of their own, for example `logout+jwt`.
 */
const ACCESS_TOKEN_TYPES: ReadonlySet<string> = new Set(['at+jwt', 'application/at+jwt', 'jwt']);
/** Precedes a `sub` that is the name of a key's client, so that a token never becomes that client. */
const SUBJECT_PREFIX = 'sub|';
const CLOCK_TOLERANCE_SECONDS = 5;

/**
 * Verifies tokens of an identity provider: their signature (with the provider's published keys), type, issuer,
 * audience and time. `isKeyClient` tells whether a name belongs to an API key.
 */
export class JwtVerifier {
  private readonly keys: JWTVerifyGetKey;

  constructor(
    private readonly options: JwtOptions,
    private readonly isKeyClient: (name: string) => boolean,
    clock: Clock,
  ) {
    this.keys = createRemoteJWKSet(new URL(options.jwksUrl), {
      timeoutDuration: 5000,
      [customFetch]: limitedJwksFetch(() => clock.monotonicMs()),
    });
  }

  /**
   * Resolves with the client of the token; null if the token is not valid.
   * @throws TokenIssuerUnavailableError
   */
  async verify(token: string): Promise<AuthenticatedClient | null> {
    const { issuer, audience } = this.options;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, this.keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp'],
      });
      return isAccessToken(protectedHeader, payload) ? this.toClient(payload) : null;
    } catch (error) {
      if (isTokenError(error)) {
        return null;
      }
      throw new TokenIssuerUnavailableError({ cause: error });
    }
  }

  /**
   * Reads the claims of RFC 9068: `client_id` names the client, `scope` its permissions, among scopes of other
   * services.
   */
  private toClient({ client_id: clientId, sub, scope, exp }: JWTPayload): AuthenticatedClient | null {
    const name = clientId ?? this.toSubjectName(sub);
    if (typeof name !== 'string' || !isClientName(name)) {
      return null;
    }
    const scopes = typeof scope === 'string' ? scope.split(' ').filter(isScope) : [];
    return {
      name,
      scopes: new Set(scopes),
      ...(exp !== undefined && { expiresAtMs: (exp + CLOCK_TOLERANCE_SECONDS) * SECOND_MS }),
    };
  }

  /**
   * Returns the client's name for a `sub`. Users may choose their `sub` at some issuers, so it never becomes the client of
   * a key. All others keep the plain name, because stored ingestions belong to it. Returns undefined if there is no name.
   */
  private toSubjectName(sub: string | undefined): string | undefined {
    if (sub === undefined || !(this.isKeyClient(sub) || sub.startsWith(SUBJECT_PREFIX))) {
      return sub;
    }
    const name = `${SUBJECT_PREFIX}${sub}`;
    return this.isKeyClient(name) ? undefined : name;
  }
}

/** Rejects other tokens of the issuer. Logout tokens and other security events have `events`, whatever their type. */
function isAccessToken({ typ }: JWTHeaderParameters, { events }: JWTPayload): boolean {
  return (typ === undefined || ACCESS_TOKEN_TYPES.has(typ.toLowerCase())) && events === undefined;
}

function isTokenError(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== 'ERR_JOSE_GENERIC' // the response was not a key set
  );
}
