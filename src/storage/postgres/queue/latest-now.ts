/**
 * SQL for the time of the server, but not later than `latest`: the latest possible time according to this process, or NULL
 * if it knows none. Times that are written after a step forward, before the process notices it, are so moved by the step
 * once, like those from before it.
 */
export function latestNow(now: string, latest: string): string {
  return `least(${now}, ${latest}::float8)`;
}
