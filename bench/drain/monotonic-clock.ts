/** Reads the system's monotonic clock, which all processes share. */
export function monotonicSeconds(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}
