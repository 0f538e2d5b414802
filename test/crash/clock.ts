/** Milliseconds on the machine's monotonic clock: the same in every process of this machine. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Waits without giving way: for moments that a timer is too coarse for. */
export function spin(durationMs: number): void {
  const end = nowMs() + durationMs;
  while (nowMs() < end);
}
