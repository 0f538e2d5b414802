import type { EdgeConfig } from '../edge/edge-config.js';
import type { AccessConfig } from '../security/access-config.js';
import type { HttpUpstream } from '../external-api/http-upstream.js';
import type { LogLevel } from './environment.js';

/** All that can be set, in the program's own units, checked. Made once, at the start, by `loadConfig`. */
export abstract class Config {
  abstract readonly port: number;
  abstract readonly host: string;
  abstract readonly logLevel: LogLevel;
  /** Where traces go; undefined turns them off. */
  abstract readonly otlpEndpoint: string | undefined;
  abstract readonly batchSize: number;
  abstract readonly batchDelayMs: number;
  abstract readonly maxInFlight: number;
  abstract readonly maxAttempts: number;
  abstract readonly retryBaseMs: number;
  abstract readonly retryMaxMs: number;
  /** Null keeps the order strict. */
  abstract readonly priorityAgingMs: number | null;
  abstract readonly externalApiTimeoutMs: number;
  abstract readonly leaseMs: number;
  abstract readonly shutdownGraceMs: number;
  /** Null keeps finished ingestions for ever. */
  abstract readonly retentionMs: number | null;
  /** Whether what the upstream answered is kept, or the outcomes alone. */
  abstract readonly keepsResults: boolean;
  /** Each signs every webhook; none: there are no webhooks. */
  abstract readonly webhookSecrets: readonly string[];
  abstract readonly webhookTimeoutMs: number;
  /** Where callbacks may go beside public hosts: names, addresses and networks, with commas between them. */
  abstract readonly callbackAllow: string;
  /** 0 turns idempotency off. */
  abstract readonly idempotencyWindowMs: number;
  abstract readonly idempotencyByContent: boolean;
  abstract readonly dataDir: string;
  abstract readonly databaseUrl: string | undefined;
  abstract readonly databaseSchema: string;
  /** Connections to PostgreSQL, without the one that listens. */
  abstract readonly databasePoolSize: number;
  abstract readonly databaseConnectTimeoutMs: number;
  /** Without it the simulated API stands in. */
  abstract readonly upstream: HttpUpstream | undefined;
  /** The longest that an upstream's Retry-After is heeded; 0: not at all. */
  abstract readonly retryAfterMaxMs: number;
  /** Failed dispatches in a row that open the breaker; 0: there is none. */
  abstract readonly breakerThreshold: number;
  abstract readonly breakerCooldownMs: number;
  abstract readonly mockDelayMinMs: number;
  abstract readonly mockDelayMaxMs: number;
  abstract readonly mockErrorRate: number;
  abstract readonly mockSeed: number | undefined;
  abstract readonly maxIdsPerRequest: number;
  /** Of a streamed list. */
  abstract readonly maxStreamIds: number;
  /** As body-parser reads it: `4mb`. */
  abstract readonly bodyLimit: string;
  abstract readonly access: AccessConfig;
  abstract readonly edge: EdgeConfig;
}

/** A variable is not usable. Stops the start with one line and exit code 78 (EX_CONFIG of sysexits.h). */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
