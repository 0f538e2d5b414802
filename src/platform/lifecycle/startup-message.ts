/** The pace of the default lane. */
interface StartedPace {
  readonly batchSize: number;
  readonly batchDelayMs: number;
  /** The limits by their names; null without limits. */
  readonly rules: { readonly names: readonly string[] } | null;
}

/** The one line that tells a person what has started. */
export function formatStartupMessage(
  url: string,
  store: string,
  upstream: string,
  { batchSize, batchDelayMs, rules }: StartedPace,
): string {
  const pace =
    rules !== null
      ? `up to ${String(batchSize)} ids at a time, ${rules.names.join(', ')}`
      : batchDelayMs === 0
        ? `up to ${String(batchSize)} ids at a time, as fast as the upstream allows`
        : `up to ${String(batchSize)} ids every ${String(batchDelayMs / 1000)} s`;
  return `Sluice listens on ${url} (docs at ${url}/docs) | store: ${store} | upstream: ${upstream} | pace: ${pace}`;
}
