import type { UpstreamResult } from '../external-api.js';
import type { MissingMeaning } from './answer-settings.js';

/** The head of a response, as a mapping sees it. */
export interface ResponseHead {
  readonly status: number;
  /** The headers by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The meaning of a response by a mapping. */
export type MappedResponse =
  | {
      readonly kind: 'results';
      readonly results: readonly UpstreamResult[];
      /** The outcome of an id without a result; absent for a temporary failure. */
      readonly missing?: MissingMeaning;
    }
  /** Each id of the request is completed, without data. */
  | { readonly kind: 'completed' }
  /** The whole call has failed. */
  | { readonly kind: 'failed'; readonly message: string | null; readonly permanent: boolean }
  /** There were too many calls. `wait` is the time to wait as the mapping gives it; null if it gives none. */
  | { readonly kind: 'throttled'; readonly wait: string | null }
  /** The status alone says what it means, as without a mapping. */
  | { readonly kind: 'by_status'; readonly message: string | null };
