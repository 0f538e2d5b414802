import type { AccessConfig } from '../security/access-config.js';
import { ConfigError } from './config.js';
import type { Variables } from './variables.js';

/** @throws ConfigError where of the three JWT variables some are missing. */
export function toAccess(variables: Variables): AccessConfig {
  const { API_KEYS_FILE, JWT_ISSUER, JWT_AUDIENCE, JWKS_URL } = variables;
  const keysFile = API_KEYS_FILE ?? null;
  if (JWT_ISSUER !== undefined && JWT_AUDIENCE !== undefined && JWKS_URL !== undefined) {
    return { keysFile, jwt: { issuer: JWT_ISSUER, audience: JWT_AUDIENCE, jwksUrl: JWKS_URL } };
  }
  if (JWT_ISSUER !== undefined || JWT_AUDIENCE !== undefined || JWKS_URL !== undefined) {
    throw new ConfigError('JWT_ISSUER, JWT_AUDIENCE and JWKS_URL are set together or not at all');
  }
  return { keysFile, jwt: null };
}
