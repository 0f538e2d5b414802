import type { IncomingHttpHeaders } from 'node:http';

/** The behaviour of the upstream for a request. */
export type Behaviour =
  | 'good'
  | 'gzip'
  | 'brotli'
  | 'slow headers'
  | 'slow body'
  | 'reset'
  | 'cut'
  | 'at work'
  | 'wrong type'
  | 'wrong json'
  | 'other json'
  | 'gzip bomb'
  | 'spoilt gzip'
  | 'endless'
  | 'redirect'
  | 'endless refusal'
  | 'wait by seconds'
  | 'wait by minutes'
  | 'wait by date'
  | 'wait by decimals'
  | 'none left'
  | 'none left by other names'
  | 'too many'
  | 'broken'
  | 'unauthorized'
  | 'not found';

/** A request as the upstream saw it. */
export interface SeenRequest {
  readonly atMs: number;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
