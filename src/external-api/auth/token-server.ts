import { rootCertificates } from 'node:tls';
import type { LookupFunction } from 'node:net';
import type * as OAuth from 'oauth4webapi';
import type { Dispatcher, fetch } from 'undici';
import type { Runtime } from '../../domain/runtime.js';
import type { OAuthOptions } from './oauth.options.js';

const TIMEOUT_MS = 10_000;
const MAX_RESPONSE_BYTES = 65_536;
/** The error codes of RFC 6749: nothing else of an answer is repeated, because it may hold a secret. */
const ERROR_CODE = /^[a-z_]{1,64}$/;
const SYSTEM_CODE = /^[A-Z][A-Z0-9_]{1,63}$/;

/** The secrets of one request for a token. */
export interface Grant {
  readonly clientSecret: string | null;
  readonly refreshToken: string | null;
}

/** The answer of a token server. */
export interface GrantedToken {
  readonly accessToken: string;
  /** Null if the server does not say. */
  readonly expiresInSeconds: number | null;
  readonly refreshToken: string | null;
}

/** The libraries that ask for tokens and send these requests, which are loaded with the first one. */
interface Libraries {
  readonly oauth: typeof OAuth;
  readonly fetch: typeof fetch;
  readonly agent: Dispatcher;
}

/** Requests access tokens from a token server (RFC 6749), with `oauth4webapi`. */
export class TokenServer {
  private libraries: Promise<Libraries> | null = null;

  constructor(
    private readonly options: OAuthOptions,
    private readonly runtime: Runtime,
    private readonly lookup: LookupFunction,
    private readonly ca: string | null,
  ) {}

  /** @throws Error that says what is wrong; its message holds no secret. */
  async request(grant: Grant): Promise<GrantedToken> {
    this.libraries ??= this.load();
    const libraries = await this.libraries;
    const late = new AbortController();
    const timer = this.runtime.setTimeout(() => {
      late.abort();
    }, TIMEOUT_MS);
    const seen: { status?: number } = {};
    try {
      return await this.exchange(libraries, grant, late.signal, seen);
    } catch (error) {
      throw new Error(
        describe(libraries.oauth, error, { status: seen.status, isLate: late.signal.aborted }),
        {
          cause: error,
        },
      );
    } finally {
      this.runtime.clearTimeout(timer);
    }
  }

  private async exchange(
    { oauth, fetch: send, agent }: Libraries,
    { clientSecret, refreshToken }: Grant,
    signal: AbortSignal,
    seen: { status?: number },
  ): Promise<GrantedToken> {
    const { tokenUrl, clientId, scope, audience, clientAuth } = this.options;
    const server: OAuth.AuthorizationServer = {
      issuer: new URL(tokenUrl).origin,
      token_endpoint: tokenUrl.replace(/^http:/i, 'https:'), // the library accepts nothing else; a cluster may have plain http
    };
    const client: OAuth.Client = { client_id: clientId };
    const authentication =
      clientSecret === null
        ? oauth.None()
        : clientAuth === 'basic'
          ? oauth.ClientSecretBasic(clientSecret)
          : oauth.ClientSecretPost(clientSecret);
    const parameters = new URLSearchParams({
      ...(scope !== null && { scope }),
      ...(audience !== null && { audience }),
    });
    const options = {
      signal,
      additionalParameters: parameters,
      [oauth.customFetch]: async (_: string, init: OAuth.CustomFetchOptions<'POST', URLSearchParams>) => {
        const response = await send(tokenUrl, {
          method: init.method,
          headers: init.headers,
          body: init.body,
          redirect: init.redirect,
          signal,
          dispatcher: agent,
        });
        seen.status = response.status;
        return response;
      },
    };
    const answer =
      refreshToken === null
        ? await oauth.processClientCredentialsResponse(
            server,
            client,
            await oauth.clientCredentialsGrantRequest(server, client, authentication, parameters, options),
          )
        : await oauth.processRefreshTokenResponse(
            server,
            client,
            await oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, options),
          );
    return {
      accessToken: answer.access_token,
      expiresInSeconds: answer.expires_in ?? null,
      refreshToken: answer.refresh_token ?? null,
    };
  }

  private async load(): Promise<Libraries> {
    const [oauth, { Agent, fetch, ProxyAgent }] = await Promise.all([
      import('oauth4webapi'),
      import('undici'),
    ]);
    const { lookup, ca } = this;
    const { proxy } = this.options;
    const tls = { ...(ca !== null && { ca: [...rootCertificates, ca] }) };
    const limits = { maxResponseSize: MAX_RESPONSE_BYTES };
    const agent =
      proxy === null
        ? new Agent({ connect: { lookup, timeout: TIMEOUT_MS, ...tls }, ...limits })
        : new ProxyAgent({ uri: proxy, requestTls: { timeout: TIMEOUT_MS, ...tls }, ...limits });
    return { oauth, fetch, agent };
  }
}

function describe(
  oauth: typeof OAuth,
  error: unknown,
  { status, isLate }: { readonly status: number | undefined; readonly isLate: boolean },
): string {
  if (isLate) {
    return `the token server gave no answer within ${String(TIMEOUT_MS / 1000)} s`;
  }
  if (status === undefined) {
    const { cause = error } = error as Error;
    const { code } = cause as NodeJS.ErrnoException;
    const why = typeof code === 'string' && SYSTEM_CODE.test(code) ? `: ${code}` : '';
    return `the token server cannot be reached${why}`;
  }
  const code =
    error instanceof oauth.ResponseBodyError && ERROR_CODE.test(error.error) ? ` ${error.error}` : '';
  return status === 200
    ? 'the answer of the token server holds no bearer token'
    : `the token server answered ${String(status)}${code}`;
}
