import type { UpstreamMapping } from '../mapping/upstream-mapping.js';
import type { ClientCertificateFiles } from '../auth/client-certificate.js';
import type { OAuthOptions } from '../auth/oauth.options.js';
import type { RateLimitNames } from './rate-limit-names.js';

export type UpstreamMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The placeholder for an id in the URL of an upstream. */
export const ID_PLACEHOLDER = '{id}';

/** The options of an upstream. */
export interface UpstreamOptions {
  /** With {@link ID_PLACEHOLDER} in it, each id is one request; otherwise a dispatch is one request. */
  readonly url: string;
  readonly method: UpstreamMethod;
  /** The values may be secret. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tokenFile: string | null;
  /** Absent if its tokens do not come from a token server. */
  readonly oauth?: OAuthOptions;
  /** A PEM of certificates that are trusted instead of the well-known ones. */
  readonly ca: string | null;
  /** Absent if it proves by no certificate who it is. */
  readonly clientCertificate?: ClientCertificateFiles;
  /** The URL of the HTTP proxy through which it is reached; absent if it is reached directly. */
  readonly proxy?: string;
  readonly maxResponseBytes: number;
  /** The headers in which it tells its limits. */
  readonly rateLimitNames: RateLimitNames;
  /** Absent if its requests and answers are the usual ones. */
  readonly mapping?: UpstreamMapping;
}

/** Tells whether each id of a dispatch has a request of its own. */
export function sendsPerId({ url, mapping }: Pick<UpstreamOptions, 'url' | 'mapping'>): boolean {
  return mapping?.request?.isPerId ?? isPerId(url);
}

export function isPerId(url: string): boolean {
  return url.includes(ID_PLACEHOLDER);
}

/** Tells whether requests of this method have a body. */
export function hasRequestBody(method: UpstreamMethod): boolean {
  return method !== 'GET' && method !== 'DELETE';
}
