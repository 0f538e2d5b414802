import { Injectable } from '@nestjs/common';
import { ConfigError } from '../config/config-error.js';
import { Configuration } from '../config/configuration.js';
import type { Variables } from '../config/variables.js';

/** Options for checking the tokens of an identity provider. */
export interface JwtOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
}

/**
 * Options of authentication. If neither keys nor tokens are configured, authentication is disabled and every
 * client may do everything.
 */
@Injectable()
export class AuthOptions {
  readonly keysFile: string | null;
  readonly jwt: JwtOptions | null;
  /** True if a request must carry a key or a token. */
  readonly isEnabled: boolean;

  /** @throws ConfigError if only some of the three JWT variables are set. */
  constructor({ variables }: Configuration) {
    this.keysFile = variables.API_KEYS_FILE ?? null;
    this.jwt = toJwtOptions(variables);
    this.isEnabled = this.keysFile !== null || this.jwt !== null;
  }
}

function toJwtOptions({ JWT_ISSUER, JWT_AUDIENCE, JWKS_URL }: Variables): JwtOptions | null {
  if (JWT_ISSUER !== undefined && JWT_AUDIENCE !== undefined && JWKS_URL !== undefined) {
    return { issuer: JWT_ISSUER, audience: JWT_AUDIENCE, jwksUrl: JWKS_URL };
  }
  if (JWT_ISSUER !== undefined || JWT_AUDIENCE !== undefined || JWKS_URL !== undefined) {
    throw new ConfigError('JWT_ISSUER, JWT_AUDIENCE and JWKS_URL are set together or not at all');
  }
  return null;
}
