import type { ExternalApi } from './external-api.js';

/** Port: adds metrics and traces to the upstream of a lane. The composition root binds it. */
export abstract class UpstreamInstrumentation {
  /** Returns an upstream that behaves as `api` does, and whose calls are measured and traced. */
  abstract instrument(api: ExternalApi, lane: string): ExternalApi;
}
