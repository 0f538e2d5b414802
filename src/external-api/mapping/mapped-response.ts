import type { UpstreamResult } from '../external-api.js';

/** The head of a response, as a mapping sees it. */
export interface ResponseHead {
  readonly status: number;
  /** The headers by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a response means by a mapping. */
export type MappedResponse =
  | { readonly kind: 'results'; readonly results: readonly UpstreamResult[] }
  /** The status alone says what it means, as without a mapping. */
  | { readonly kind: 'by_status' };
