import type { ExternalApi } from '../../external-api/external-api.js';

/** Follows ids from their acceptance to their outcome, where that is wanted. */
export abstract class Tracing {
  /** The same port of the store, followed. */
  abstract instrumentRepository<T extends object>(name: string, port: T): T;

  /** The same upstream, followed. */
  abstract instrumentUpstream(api: ExternalApi): ExternalApi;

  /** Sends what has not been sent. */
  abstract close(): Promise<void>;
}

/** Nothing is followed, and nothing costs anything. */
export class NoTracing extends Tracing {
  override instrumentRepository<T extends object>(_name: string, port: T): T {
    return port;
  }

  override instrumentUpstream(api: ExternalApi): ExternalApi {
    return api;
  }

  override async close(): Promise<void> {
    // Nothing is open.
  }
}
