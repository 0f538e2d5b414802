export const UPSTREAM_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type UpstreamMethod = (typeof UPSTREAM_METHODS)[number];

/** Stands for an id in an upstream's URL. */
export const ID_PLACE = '{id}';

/** How the upstream is spoken to. */
export interface HttpUpstream {
  /** With {@link ID_PLACE} in it each id is a request of its own; without, a dispatch is one request. */
  readonly url: string;
  readonly method: UpstreamMethod;
  /** May hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tokenFile: string | null;
  /** Certificates trusted in place of the well-known ones, as PEM. */
  readonly ca: string | null;
  readonly maxAnswerBytes: number;
}

export function isEach(url: string): boolean {
  return url.includes(ID_PLACE);
}

/** Methods whose request carries no body. */
export function carriesBody(method: UpstreamMethod): boolean {
  return method !== 'GET' && method !== 'DELETE';
}
