/** How the service stands towards the network. */
export interface EdgeConfig {
  /** Origins whose pages may read answers; `*` is any. */
  readonly corsOrigins: readonly string[];
  /** As Express takes it: how many proxies stand in front, or their addresses; false: none is believed. */
  readonly trustProxy: number | readonly string[] | false;
  /** For all headers of a request. */
  readonly headersTimeoutMs: number;
  /** In each such time a body must go on. */
  readonly idleTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly maxConnections: number;
}
