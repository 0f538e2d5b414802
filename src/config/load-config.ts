import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { checkEnvironment } from './check-environment.js';
import { ConfigError, type Config } from './config.js';
import { DEFAULT_LANE } from '../ingestion/lane.js';
import { Environment } from './environment.js';
import type { LaneSettings } from './lane-settings.js';
import { readLanesFile } from './lanes-file.js';
import { OPTIONAL_SECURITY_VARIABLES } from './security-environment.js';
import { isAccessLimited } from '../security/access-config.js';
import { toAccess } from './to-access.js';
import { toEdge } from './to-edge.js';
import { toLaneSettings } from './to-lane-settings.js';

const SECOND_MS = 1000;
const DAY_MS = 86_400 * SECOND_MS;

/**
 * Reads and checks the environment. Empty variables count as not set.
 * @throws ConfigError that names the first variable that is not usable, and why.
 */
export function loadConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const environment = readEnvironment(variables);
  return toConfig(environment, readLanes(environment, variables));
}

/** A lane is checked as the environment would be that said the same. */
function readLanes(
  environment: Environment,
  variables: Readonly<Record<string, string | undefined>>,
): LaneSettings[] {
  const byName = new Map([[DEFAULT_LANE, toLaneSettings(DEFAULT_LANE, environment)]]);
  const { LANES_FILE } = environment;
  for (const lane of LANES_FILE === undefined ? [] : readLanesFile(LANES_FILE, variables)) {
    try {
      byName.set(lane.name, toLaneSettings(lane.name, readEnvironment(lane.variables)));
    } catch (error) {
      throw error instanceof ConfigError ? lane.explain(error) : error;
    }
  }
  return [...byName.values()];
}

function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const given = Object.entries(variables).filter(
    ([name, value]) => KNOWN.has(name) && value !== undefined && value.trim() !== '',
  );
  const environment = plainToInstance(Environment, Object.fromEntries(given), {
    enableImplicitConversion: true,
    exposeDefaultValues: true,
  });
  checkEnvironment(environment, variables);
  return environment;
}

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys(new Environment()),
  ...OPTIONAL_SECURITY_VARIABLES,
  'DATABASE_URL',
  'EXTERNAL_API_URL',
  'EXTERNAL_API_METHOD',
  'EXTERNAL_API_HEADERS',
  'EXTERNAL_API_TOKEN_FILE',
  'EXTERNAL_API_CA_FILE',
  'LANES_FILE',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'MOCK_SEED',
  'WEBHOOK_SECRET',
]);

function toConfig(environment: Environment, lanes: readonly LaneSettings[]): Config {
  const [ofDefault = toLaneSettings(DEFAULT_LANE, environment)] = lanes;
  const access = toAccess(environment);
  const { PRIORITY_AGING, RETENTION_DAYS } = environment;
  return {
    port: environment.PORT,
    host: environment.HOST,
    logLevel: environment.LOG_LEVEL,
    otlpEndpoint: environment.OTEL_EXPORTER_OTLP_ENDPOINT,
    lanes,
    batchSize: ofDefault.batchSize,
    batchDelayMs: ofDefault.batchDelayMs,
    priorityAgingMs: PRIORITY_AGING === 0 ? null : PRIORITY_AGING * SECOND_MS,
    fairShare: environment.FAIR_SHARE && isAccessLimited(access),
    leaseMs: environment.DISPATCH_LEASE * SECOND_MS,
    shutdownGraceMs: environment.SHUTDOWN_GRACE * SECOND_MS,
    retentionMs: RETENTION_DAYS === 0 ? null : RETENTION_DAYS * DAY_MS,
    keepsResults: environment.RESULTS === 'ON',
    webhookSecrets: environment.WEBHOOK_SECRET?.trim().split(/\s+/) ?? [],
    webhookTimeoutMs: environment.WEBHOOK_TIMEOUT * SECOND_MS,
    callbackAllow: environment.CALLBACK_ALLOW,
    idempotencyWindowMs: environment.IDEMPOTENCY_WINDOW_SECONDS * SECOND_MS,
    idempotencyByContent: environment.IDEMPOTENCY_BY_CONTENT,
    dataDir: environment.DATA_DIR,
    allowLostLog: environment.ALLOW_LOST_LOG,
    backupDir: environment.BACKUP_DIR ?? null,
    databaseUrl: environment.DATABASE_URL,
    databaseSchema: environment.DATABASE_SCHEMA,
    databasePoolSize: environment.DATABASE_POOL_SIZE,
    databaseConnectTimeoutMs: environment.DATABASE_CONNECT_TIMEOUT * SECOND_MS,
    upstream: ofDefault.upstream,
    mockDelayMinMs: environment.MOCK_DELAY_MIN * SECOND_MS,
    mockDelayMaxMs: environment.MOCK_DELAY_MAX * SECOND_MS,
    mockErrorRate: environment.MOCK_ERROR_RATE,
    mockSeed: environment.MOCK_SEED,
    maxIdsPerRequest: environment.MAX_IDS_PER_REQUEST,
    maxStreamIds: environment.MAX_STREAM_IDS,
    maxWaitingIds: limitOf(environment.MAX_WAITING_IDS),
    rateLimitRequests: limitOf(environment.RATE_LIMIT_REQUESTS),
    rateLimitIds: limitOf(environment.RATE_LIMIT_IDS),
    bodyLimit: environment.BODY_LIMIT,
    access,
    edge: toEdge(environment),
  };
}

function limitOf(given: number): number | null {
  return given === 0 ? null : given;
}
