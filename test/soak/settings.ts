import { writeFileSync } from 'node:fs';

/** The lanes beside `default`; each id of the mix goes to one of the eight. */
export const LANES = ['default', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

const DELAY_S = 0.25;
/** Days until a finished list is removed: two minutes, so that the store comes to an even size. */
const RETENTION_DAYS = 120 / 86_400;

/** Returns the service's environment, except for the store. All lanes call `upstreamUrl`; the file of lanes is written to `lanesFile`. */
export function soakSettings(upstreamUrl: string, lanesFile: string): Record<string, string> {
  const lanes = LANES.slice(1).map((name) => [name, { url: upstreamUrl, batch_delay: DELAY_S }]);
  writeFileSync(lanesFile, JSON.stringify({ lanes: Object.fromEntries(lanes) }));
  return {
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'INFO',
    EXTERNAL_API_URL: upstreamUrl,
    LANES_FILE: lanesFile,
    BATCH_DELAY: String(DELAY_S),
    MAX_ATTEMPTS: '3',
    RETRY_BASE: '0.2',
    RETRY_MAX: '2',
    DISPATCH_LEASE: '4',
    RETENTION_DAYS: RETENTION_DAYS.toFixed(6),
    IDEMPOTENCY_WINDOW_SECONDS: '60',
  };
}
