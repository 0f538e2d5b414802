import { ConfigError, type Config } from './config.js';
import { DEFAULT_LANE } from '../ingestion/lane.js';
import type { LaneSettings } from './lane-settings.js';
import { readLanesFile } from './lanes-file.js';
import { readVariables, type Environment } from './read-variables.js';
import { isAccessLimited } from '../security/access-config.js';
import { toAccess } from './to-access.js';
import { toEdge } from './to-edge.js';
import { toLaneSettings } from './to-lane-settings.js';
import type { Variables } from './variables.js';

const SECOND_MS = 1000;
const DAY_MS = 86_400 * SECOND_MS;

/**
 * Reads and checks the environment. Empty variables count as not set.
 * @throws ConfigError that names the first variable that is not usable, and why.
 */
export function loadConfig(environment: Environment): Config {
  const variables = readVariables(environment);
  return toConfig(variables, readLanes(variables, environment));
}

/** A lane is checked as an environment with the same values would be. */
function readLanes(variables: Variables, environment: Environment): LaneSettings[] {
  const byName = new Map([[DEFAULT_LANE, toLaneSettings(DEFAULT_LANE, variables)]]);
  const { LANES_FILE } = variables;
  for (const lane of LANES_FILE === undefined ? [] : readLanesFile(LANES_FILE, environment)) {
    try {
      byName.set(lane.name, toLaneSettings(lane.name, readVariables(lane.environment)));
    } catch (error) {
      throw error instanceof ConfigError ? lane.explain(error) : error;
    }
  }
  return [...byName.values()];
}

function toConfig(variables: Variables, lanes: readonly LaneSettings[]): Config {
  const [ofDefault = toLaneSettings(DEFAULT_LANE, variables)] = lanes;
  const access = toAccess(variables);
  const { PRIORITY_AGING, RETENTION_DAYS } = variables;
  return {
    port: variables.PORT,
    host: variables.HOST,
    logLevel: variables.LOG_LEVEL,
    otlpEndpoint: variables.OTEL_EXPORTER_OTLP_ENDPOINT,
    lanes,
    batchSize: ofDefault.batchSize,
    batchDelayMs: ofDefault.batchDelayMs,
    priorityAgingMs: PRIORITY_AGING === 0 ? null : PRIORITY_AGING * SECOND_MS,
    fairShare: variables.FAIR_SHARE && isAccessLimited(access),
    leaseMs: variables.DISPATCH_LEASE * SECOND_MS,
    shutdownGraceMs: variables.SHUTDOWN_GRACE * SECOND_MS,
    retentionMs: RETENTION_DAYS === 0 ? null : RETENTION_DAYS * DAY_MS,
    keepsResults: variables.RESULTS === 'on',
    webhookSecrets: variables.WEBHOOK_SECRET?.trim().split(/\s+/) ?? [],
    webhookTimeoutMs: variables.WEBHOOK_TIMEOUT * SECOND_MS,
    callbackAllow: variables.CALLBACK_ALLOW,
    idempotencyWindowMs: variables.IDEMPOTENCY_WINDOW_SECONDS * SECOND_MS,
    idempotencyByContent: variables.IDEMPOTENCY_BY_CONTENT,
    dataDir: variables.DATA_DIR,
    allowLostLog: variables.ALLOW_LOST_LOG,
    backupDir: variables.BACKUP_DIR ?? null,
    databaseUrl: variables.DATABASE_URL,
    databaseSchema: variables.DATABASE_SCHEMA,
    databasePoolSize: variables.DATABASE_POOL_SIZE,
    databaseConnectTimeoutMs: variables.DATABASE_CONNECT_TIMEOUT * SECOND_MS,
    upstream: ofDefault.upstream,
    mockDelayMinMs: variables.MOCK_DELAY_MIN * SECOND_MS,
    mockDelayMaxMs: variables.MOCK_DELAY_MAX * SECOND_MS,
    mockErrorRate: variables.MOCK_ERROR_RATE,
    mockSeed: variables.MOCK_SEED,
    maxIdsPerRequest: variables.MAX_IDS_PER_REQUEST,
    maxStreamIds: variables.MAX_STREAM_IDS,
    maxWaitingIds: limitOf(variables.MAX_WAITING_IDS),
    rateLimitRequests: limitOf(variables.RATE_LIMIT_REQUESTS),
    rateLimitIds: limitOf(variables.RATE_LIMIT_IDS),
    bodyLimit: variables.BODY_LIMIT,
    access,
    edge: toEdge(variables),
  };
}

function limitOf(given: number): number | null {
  return given === 0 ? null : given;
}
