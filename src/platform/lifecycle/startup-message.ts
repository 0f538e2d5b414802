/** The one line that tells a person what has started. */
export function formatStartupMessage(
  url: string,
  store: string,
  upstream: string,
  { batchSize, batchDelayMs }: { readonly batchSize: number; readonly batchDelayMs: number },
): string {
  const pace =
    batchDelayMs === 0
      ? `up to ${String(batchSize)} ids at a time, as fast as the upstream allows`
      : `up to ${String(batchSize)} ids every ${String(batchDelayMs / 1000)} s`;
  return `Sluice listens on ${url} (docs at ${url}/docs) | store: ${store} | upstream: ${upstream} | pace: ${pace}`;
}
