import type { EdgeConfig } from '../edge/edge-config.js';
import type { AccessConfig } from '../security/access-config.js';
import type { HttpUpstream } from '../external-api/http-upstream.js';
import type { LogLevel } from './variables/server.js';
import type { LaneSettings } from './lane-settings.js';

/** All that can be set, in the program's own units, checked. Made once, at the start, by `loadConfig`. */
export abstract class Config {
  abstract readonly port: number;
  abstract readonly host: string;
  abstract readonly logLevel: LogLevel;
  /** Where traces go; undefined turns them off. */
  abstract readonly otlpEndpoint: string | undefined;
  /** The default one first. */
  abstract readonly lanes: readonly LaneSettings[];
  /** Of the default lane, as all that has its name in {@link LaneSettings}. */
  abstract readonly batchSize: number;
  abstract readonly batchDelayMs: number;
  /** Null keeps the order strict. */
  abstract readonly priorityAgingMs: number | null;
  /** Whether the clients of a priority take turns; where nobody is asked who he is they do not. */
  abstract readonly fairShare: boolean;
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
  /** The start goes on without a log of the embedded store that is missing. */
  abstract readonly allowLostLog: boolean;
  /** Null: no backups are written. */
  abstract readonly backupDir: string | null;
  abstract readonly databaseUrl: string | undefined;
  abstract readonly databaseSchema: string;
  /** Connections to PostgreSQL, without the one that listens. */
  abstract readonly databasePoolSize: number;
  abstract readonly databaseConnectTimeoutMs: number;
  abstract readonly upstream: HttpUpstream | undefined;
  abstract readonly mockDelayMinMs: number;
  abstract readonly mockDelayMaxMs: number;
  abstract readonly mockErrorRate: number;
  abstract readonly mockSeed: number | undefined;
  abstract readonly maxIdsPerRequest: number;
  /** Of a streamed list. */
  abstract readonly maxStreamIds: number;
  /** Of one client; null sets no limit. */
  abstract readonly maxWaitingIds: number | null;
  /** Of one client a minute; null sets no limit. */
  abstract readonly rateLimitRequests: number | null;
  abstract readonly rateLimitIds: number | null;
  /** As body-parser reads it: `4mb`. */
  abstract readonly bodyLimit: string;
  abstract readonly access: AccessConfig;
  abstract readonly edge: EdgeConfig;
}

/** A variable is not usable. Stops the start with one line and exit code 78 (EX_CONFIG of sysexits.h). */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
