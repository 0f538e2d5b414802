export const UPSTREAM_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type UpstreamMethod = (typeof UPSTREAM_METHODS)[number];

/** Stands for an id in an upstream's URL. */
export const ID_PLACEHOLDER = '{id}';

/** How the upstream is spoken to. */
export interface UpstreamOptions {
  /** With {@link ID_PLACEHOLDER} in it each id is a request of its own; without, a dispatch is one request. */
  readonly url: string;
  readonly method: UpstreamMethod;
  /** May hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tokenFile: string | null;
  /** Certificates trusted in place of the well-known ones, as PEM. */
  readonly ca: string | null;
  readonly maxResponseBytes: number;
}

export function isPerId(url: string): boolean {
  return url.includes(ID_PLACEHOLDER);
}

/** Methods whose request carries no body. */
export function hasRequestBody(method: UpstreamMethod): boolean {
  return method !== 'GET' && method !== 'DELETE';
}
