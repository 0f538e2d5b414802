export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const BYTES: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** Converts a checked size such as `16mb` into bytes. */
export function toBytes(size: string): number {
  const unit = /[a-z]+$/i.exec(size)?.[0].toLowerCase() ?? 'b';
  return Number.parseInt(size, 10) * (BYTES[unit] ?? 1);
}

/** Converts a limit into a nullable one: 0 disables it and becomes null. */
export function toLimit(value: number): number | null {
  return value === 0 ? null : value;
}
