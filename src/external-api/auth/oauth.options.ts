import { readFileSync } from 'node:fs';
import { ConfigError } from '../../platform/config/config-error.js';
import { proxyFor } from '../proxy-for.js';
import type { Variables, VariableName } from '../../platform/config/variables.js';

/** The settings by which a lane gets its access tokens by OAuth 2.0 (RFC 6749). */
export interface OAuthOptions {
  readonly tokenUrl: string;
  readonly clientId: string;
  /** Null for a public client. */
  readonly clientSecretFile: string | null;
  /** With it the grant is `refresh_token`, otherwise `client_credentials`. A new refresh token replaces it. */
  readonly refreshTokenFile: string | null;
  readonly scope: string | null;
  readonly audience: string | null;
  /** The way in which the client names itself: by Basic authentication, or in the body of the request. */
  readonly clientAuth: 'basic' | 'post';
  /** The URL of the HTTP proxy through which the token server is reached; null if it is reached directly. */
  readonly proxy: string | null;
}

const SETTINGS = [
  'EXTERNAL_API_OAUTH_CLIENT_ID',
  'EXTERNAL_API_OAUTH_CLIENT_SECRET_FILE',
  'EXTERNAL_API_OAUTH_REFRESH_TOKEN_FILE',
  'EXTERNAL_API_OAUTH_SCOPE',
  'EXTERNAL_API_OAUTH_AUDIENCE',
] as const satisfies readonly VariableName[];

/**
 * Builds the options; undefined if the lane has no token server.
 * @throws ConfigError
 */
export function toOAuth(variables: Variables): OAuthOptions | undefined {
  const { EXTERNAL_API_OAUTH_TOKEN_URL: tokenUrl } = variables;
  if (tokenUrl === undefined) {
    const orphan = SETTINGS.find((name) => variables[name] !== undefined);
    if (orphan !== undefined) {
      throw new ConfigError(`${orphan} needs EXTERNAL_API_OAUTH_TOKEN_URL`);
    }
    return undefined;
  }
  const { username, password } = new URL(tokenUrl);
  if (username !== '' || password !== '') {
    throw new ConfigError('EXTERNAL_API_OAUTH_TOKEN_URL may hold no user and no password');
  }
  const clientId = variables.EXTERNAL_API_OAUTH_CLIENT_ID;
  const clientSecretFile = variables.EXTERNAL_API_OAUTH_CLIENT_SECRET_FILE ?? null;
  const refreshTokenFile = variables.EXTERNAL_API_OAUTH_REFRESH_TOKEN_FILE ?? null;
  if (clientId === undefined) {
    throw new ConfigError('EXTERNAL_API_OAUTH_TOKEN_URL needs EXTERNAL_API_OAUTH_CLIENT_ID');
  }
  if (clientSecretFile === null && refreshTokenFile === null) {
    throw new ConfigError(
      'EXTERNAL_API_OAUTH_TOKEN_URL needs EXTERNAL_API_OAUTH_CLIENT_SECRET_FILE or EXTERNAL_API_OAUTH_REFRESH_TOKEN_FILE',
    );
  }
  checkSecret('EXTERNAL_API_OAUTH_CLIENT_SECRET_FILE', clientSecretFile);
  checkSecret('EXTERNAL_API_OAUTH_REFRESH_TOKEN_FILE', refreshTokenFile);
  return {
    tokenUrl,
    clientId,
    clientSecretFile,
    refreshTokenFile,
    scope: variables.EXTERNAL_API_OAUTH_SCOPE ?? null,
    audience: variables.EXTERNAL_API_OAUTH_AUDIENCE ?? null,
    clientAuth: variables.EXTERNAL_API_OAUTH_CLIENT_AUTH,
    proxy: proxyFor(tokenUrl, { httpsProxy: variables.HTTPS_PROXY, noProxy: variables.NO_PROXY }),
  };
}

/**
 * Reads a secret: one line of text.
 * @throws Error with the reason; the message holds no part of the file.
 */
export function toSecret(text: string): string {
  const secret = text.trim();
  if (secret === '' || /[\r\n]/.test(secret)) {
    throw new Error('it holds no secret: one line of text');
  }
  return secret;
}

function checkSecret(name: VariableName, path: string | null): void {
  if (path === null) {
    return;
  }
  try {
    toSecret(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`${name} cannot be used: ${(error as Error).message}`, { cause: error });
  }
}
