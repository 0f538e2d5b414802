import type { ExternalApi } from '../../external-api/external-api.js';

/** Traces ids from their acceptance to their outcome. */
export abstract class Tracing {
  /** Wraps a port of the store to trace its operations. */
  abstract instrumentRepository<T extends object>(name: string, port: T): T;

  /** Wraps an upstream to trace its requests. */
  abstract instrumentUpstream(api: ExternalApi): ExternalApi;

  /** Sends the remaining spans. */
  abstract close(): Promise<void>;
}

/** Traces nothing and costs nothing. */
export class NoTracing extends Tracing {
  override instrumentRepository<T extends object>(_name: string, port: T): T {
    return port;
  }

  override instrumentUpstream(api: ExternalApi): ExternalApi {
    return api;
  }

  override async close(): Promise<void> {
    // There is nothing to close.
  }
}
