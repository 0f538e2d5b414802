/** Returns the machine's monotonic clock in milliseconds; all processes of this machine share it. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Waits in a busy loop, because timers are too coarse. */
export function spin(durationMs: number): void {
  const end = nowMs() + durationMs;
  while (nowMs() < end);
}
