import type { Config } from '../config/config.js';

/** The one line that tells a person what has started. */
export function describeStart(url: string, store: string, upstream: string, config: Config): string {
  const pace =
    config.batchDelayMs === 0
      ? `up to ${String(config.batchSize)} ids at a time, as fast as the upstream allows`
      : `up to ${String(config.batchSize)} ids every ${String(config.batchDelayMs / 1000)} s`;
  return `Sluice listens on ${url} (docs at ${url}/docs) | store: ${store} | upstream: ${upstream} | pace: ${pace}`;
}
