import { readFile, rename, writeFile } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import { Logger } from '@nestjs/common';
import type { Runtime } from '../../domain/runtime.js';
import { toSecret, type OAuthOptions } from './oauth.options.js';
import { TokenServer, type Grant } from './token-server.js';
import type { TokenSource } from './token-source.js';

const SECOND_MS = 1000;
/** A token is renewed this long before its end, but not before three quarters of its life. */
const RENEWAL_MARGIN_MS = 60_000;
const UNAUTHORIZED = 401;

interface Token {
  readonly value: string;
  /** Times of `Runtime.monotonicMs()`; infinite if the token server names no lifetime. */
  readonly renewAtMs: number;
  readonly endsAtMs: number;
}

/**
 * Access tokens by OAuth 2.0. One renewal serves all requests that wait for a token. A token is renewed before it ends, and
 * when the upstream has refused it with 401: the renewed one is taken as wrong if it is refused too.
 */
export class OAuthTokens implements TokenSource {
  private readonly logger = new Logger('OAuth');
  private readonly server: TokenServer;
  private token: Token | null = null;
  private renewal: Promise<Token> | null = null;
  /** The last refused token, until another one is accepted. */
  private refused: string | null = null;
  /** The last refresh token that the token server has given; null before the first. */
  private refreshToken: string | null = null;
  private isFailing = false;

  constructor(
    private readonly options: OAuthOptions,
    private readonly runtime: Runtime,
    lookup: LookupFunction,
    /** A PEM of certificates that are trusted too. */
    ca: string | null,
  ) {
    this.server = new TokenServer(options, runtime, lookup, ca);
  }

  async current(): Promise<string> {
    const { token } = this;
    const nowMs = this.runtime.monotonicMs();
    if (token !== null && nowMs < token.renewAtMs) {
      return token.value;
    }
    const renewal = this.renew();
    if (token !== null && nowMs < token.endsAtMs) {
      renewal.catch((error: unknown) => {
        this.warnOnce(error);
      });
      return token.value;
    }
    return (await renewal).value;
  }

  isRenewedAfter(token: string, status: number): boolean {
    if (status !== UNAUTHORIZED) {
      this.refused = token === this.refused ? token : null;
      return false;
    }
    if (this.refused === null) {
      this.refused = token;
      this.token = this.token?.value === token ? null : this.token;
      return true;
    }
    return token === this.refused && this.token?.value !== token;
  }

  private async renew(): Promise<Token> {
    this.renewal ??= this.request().finally(() => {
      this.renewal = null;
    });
    return this.renewal;
  }

  private async request(): Promise<Token> {
    const startedMs = this.runtime.monotonicMs();
    const grant = await this.readGrant();
    const { accessToken, expiresInSeconds, refreshToken } = await this.server.request(grant);
    if (refreshToken !== null && refreshToken !== grant.refreshToken) {
      this.refreshToken = refreshToken;
      await this.storeRefreshToken(refreshToken);
    }
    const lifeMs = expiresInSeconds === null ? Number.POSITIVE_INFINITY : expiresInSeconds * SECOND_MS;
    this.token = {
      value: accessToken,
      renewAtMs: startedMs + Math.max(lifeMs - RENEWAL_MARGIN_MS, (lifeMs * 3) / 4),
      endsAtMs: startedMs + lifeMs,
    };
    this.isFailing = false;
    return this.token;
  }

  /** Reads the secrets again, because their files may have been replaced. */
  private async readGrant(): Promise<Grant> {
    const { clientSecretFile, refreshTokenFile } = this.options;
    const read = async (path: string | null): Promise<string | null> =>
      path === null ? null : toSecret(await readFile(path, 'utf8'));
    return {
      clientSecret: await read(clientSecretFile),
      refreshToken: refreshTokenFile === null ? null : (this.refreshToken ?? (await read(refreshTokenFile))),
    };
  }

  /** Replaces the file, so that the next start finds a refresh token that is still valid. */
  private async storeRefreshToken(refreshToken: string): Promise<void> {
    const { refreshTokenFile } = this.options;
    if (refreshTokenFile === null) {
      return;
    }
    try {
      const draft = `${refreshTokenFile}.new`;
      await writeFile(draft, `${refreshToken}\n`, { mode: 0o600 });
      await rename(draft, refreshTokenFile);
    } catch (error) {
      this.logger.warn(
        `${refreshTokenFile} cannot be replaced by the new refresh token, so the next start needs another one: ${String(error)}`,
      );
    }
  }

  private warnOnce(error: unknown): void {
    if (!this.isFailing) {
      const { message } = error as Error;
      this.logger.warn(`the access token is not renewed, the last one stays until its end: ${message}`);
    }
    this.isFailing = true;
  }
}
