import { describe, expect, it } from '@jest/globals';
import { ConfigError } from './config-error.js';
import { schedulerOptions } from '../../../test/support/options.js';
import { HttpServerOptions } from '../http/http-server.options.js';
import { ExternalApiOptions, MockExternalApiOptions } from '../../external-api/external-api.options.js';
import { IngestionOptions } from '../../ingestion/ingestion.options.js';
import { LifecycleOptions } from '../lifecycle/lifecycle.options.js';
import { LoggingOptions } from '../logging/logging.options.js';
import { RetentionOptions } from '../../operations/retention/retention.options.js';
import { Configuration } from './configuration.js';
import { SystemRuntime } from '../../domain/system-runtime.js';

/** The options of all features, side by side. */
function load(environment: Readonly<Record<string, string>>): object {
  const configuration = Configuration.read(environment);
  return Object.assign(
    {},
    configuration.variables,
    schedulerOptions(environment),
    new HttpServerOptions(configuration),
    new ExternalApiOptions(configuration),
    new MockExternalApiOptions(configuration, new SystemRuntime()),
    new IngestionOptions(configuration),
    new LifecycleOptions(configuration),
    new LoggingOptions(configuration),
    new RetentionOptions(configuration),
  ) as object;
}

describe('the environment', () => {
  it('may be empty: the contract’s defaults', () => {
    expect(load({})).toMatchObject({
      port: 8000,
      host: '0.0.0.0',
      level: 'INFO',
      lanes: [
        {
          name: 'default',
          batchSize: 3,
          batchDelayMs: 5000,
          maxInFlight: 10,
          maxAttempts: 5,
          retryBaseMs: 1000,
          retryMaxMs: 60_000,
          retryAfterMaxMs: 3_600_000,
          breakerThreshold: 5,
          breakerCooldownMs: 30_000,
        },
      ],
      idempotencyWindowMs: 300_000,
      idempotencyByContent: true,
      DATA_DIR: './data',
      DATABASE_URL: undefined,
      upstreams: new Map([['default', undefined]]),
      delayMinMs: 1000,
      delayMaxMs: 3000,
      errorRate: 0,
      maxIdsPerRequest: 100_000,
      bodyLimit: '4mb',
      shutdownGraceMs: 10_000,
      agingMs: null,
    });
  });

  it.each([
    ['PORT', '0', { port: 0 }],
    ['LOG_LEVEL', 'warning', { level: 'WARNING' }],
    ['BATCH_DELAY', '0.25', { lanes: [{ batchDelayMs: 250 }] }],
    ['BATCH_DELAY', '0', { lanes: [{ batchDelayMs: 0 }] }],
    ['BATCH_SIZE', ' ', { lanes: [{ batchSize: 3 }] }],
    ['IDEMPOTENCY_BY_CONTENT', 'False', { idempotencyByContent: false }],
    ['RETENTION_DAYS', '0', { retentionMs: null }],
    ['PRIORITY_AGING', '600', { agingMs: 600_000 }],
    ['MOCK_SEED', '42', { MOCK_SEED: 42 }],
    ['TRUST_PROXY', '2', { trustProxy: 2 }],
    ['TRUST_PROXY', 'loopback, 10.0.0.0/8', { trustProxy: ['loopback', '10.0.0.0/8'] }],
    ['ALLOWED_HOSTS', 'Gate.example, b:81, *.svc', { allowedHosts: ['gate.example', 'b:81', '*.svc'] }],
    ['CORS_ORIGINS', 'https://a.example, http://b:81', { corsOrigins: ['https://a.example', 'http://b:81'] }],
    ['EXTERNAL_API_URL', 'http://localhost:9000/x', { EXTERNAL_API_URL: 'http://localhost:9000/x' }],
    ['RETRY_AFTER_MAX', '0', { lanes: [{ retryAfterMaxMs: 0 }] }],
    ['BREAKER_THRESHOLD', '0', { lanes: [{ breakerThreshold: 0 }] }],
    ['SOMETHING_ELSE', 'x', {}],
  ])('takes %s=%j', (name, value, expected) => {
    expect(load({ [name]: value })).toMatchObject(expected);
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', '80a'],
    ['PORT', '1.5'],
    ['LOG_LEVEL', 'LOUD'],
    ['BATCH_SIZE', '0'],
    ['BATCH_SIZE', '-3'],
    ['BATCH_DELAY', '-1'],
    ['BATCH_DELAY', 'NaN'],
    ['BATCH_DELAY', 'Infinity'],
    ['MAX_IN_FLIGHT', '0'],
    ['MAX_ATTEMPTS', '0'],
    ['EXTERNAL_API_TIMEOUT', '0'],
    ['SHUTDOWN_GRACE', 'soon'],
    ['IDEMPOTENCY_WINDOW_SECONDS', '-1'],
    ['IDEMPOTENCY_BY_CONTENT', 'maybe'],
    ['MOCK_ERROR_RATE', '1.01'],
    ['MOCK_SEED', 'x'],
    ['MAX_IDS_PER_REQUEST', '0'],
    ['BODY_LIMIT', 'much'],
    ['EXTERNAL_API_METHOD', 'HEAD'],
    ['EXTERNAL_API_MAX_ANSWER', '0'],
    ['RETRY_AFTER_MAX', '-1'],
    ['BREAKER_THRESHOLD', '1.5'],
    ['BREAKER_COOLDOWN', '0'],
    ['BODY_LIMIT', '0'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['ALLOWED_HOSTS', 'https://a.example'],
    ['ALLOWED_HOSTS', 'a.*.example'],
    ['CORS_ORIGINS', 'https://a.example/'],
    ['CORS_ORIGINS', 'a.example'],
    ['MAX_CONNECTIONS', '0'],
  ])('refuses %s=%j by name, with what was given', (name, value) => {
    expect(() => load({ [name]: value })).toThrow(ConfigError);
    expect(() => load({ [name]: value })).toThrow(new RegExp(`^${name} .*"${value}"$`));
  });

  it.each([
    ['DATABASE_URL', 'mysql://user:secret@host/db'],
    ['EXTERNAL_API_URL', 'ftp://user:secret@host/'],
  ])('refuses a bad %s without repeating it', (name, value) => {
    expect(() => load({ [name]: value })).toThrow(new RegExp(`^${name} (?!.*secret)`));
  });

  it.each([
    ['PORT', 'abc', 'PORT must be an integer, not "abc"'],
    ['BATCH_SIZE', '1.5', 'BATCH_SIZE must be an integer, not "1.5"'],
    ['BATCH_DELAY', '5s', 'BATCH_DELAY must be a number, not "5s"'],
    ['FAIR_SHARE', 'on', 'FAIR_SHARE must be true or false, not "on"'],
    ['EXTERNAL_API_URL', 'upstream', 'EXTERNAL_API_URL must be a URL that begins with http:// or https://'],
    ['BODY_LIMIT', 'much', 'BODY_LIMIT must be a size like 512kb or 4mb, not "much"'],
    ['RESULTS', 'some', 'RESULTS must be on or off, not "some"'],
    [
      'QUIET_HOURS',
      `{ a: ${'x'.repeat(80)} }`,
      `QUIET_HOURS must be a list such as [{ days: [sat, sun], from: "00:00", to: "24:00" }], not "{"a":"${'x'.repeat(54)}…"`,
    ],
    [
      'QUIET_HOURS',
      `[{ from: "22:00", to: "6" }]`,
      'QUIET_HOURS[0].to must be a time such as "22:00", not "6"',
    ],
    [
      'LIMITS',
      '[{ calls: 190, per: 10 }, { ids: 5000, per: year }]',
      'LIMITS[1].per must be a number of seconds, or one of hour, day, week, month, not "year"',
    ],
    ['LIMITS', '[{ calls: 190 }]', 'LIMITS[0].per must be a number of seconds from 0.001 to 31622400'],
    [
      'LIMITS',
      '[{ calls: 1, per: 10, burst: 2 }]',
      'LIMITS[0] has an unknown field "burst"; known: calls, ids, per, margin, spread',
    ],
    [
      'LIMITS',
      '[{\n',
      'LIMITS must be a list in YAML or JSON such as [{ calls: 190, per: 10 }], not "[{\\u000a"',
    ],
    ['FILL_EXEMPT', 'URGENT', 'FILL_EXEMPT must be a list of HIGH, MEDIUM, LOW, not "URGENT"'],
    ['PORT', '80\n81', 'PORT must be an integer, not "80\\u000a81"'],
  ])('says of %s=%j what it must be', (name, value, message) => {
    expect(() => load({ [name]: value })).toThrow(new ConfigError(message));
  });

  it.each([
    [{ MOCK_DELAY_MIN: '4' }, 'MOCK_DELAY_MIN (4) must not be greater than MOCK_DELAY_MAX (3)'],
    [{ JWT_ISSUER: 'x' }, 'JWT_ISSUER, JWT_AUDIENCE and JWKS_URL are set together or not at all'],
    [{ RETRY_BASE: '61' }, 'RETRY_BASE (61) must not be greater than RETRY_MAX (60)'],
  ])('refuses %j', (variables, message) => {
    expect(() => load(variables)).toThrow(message);
  });
});
