import { Transform } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  IsUrl,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
} from 'class-validator';
import { SecurityEnvironment } from './security-environment.js';
import { UPSTREAM_METHODS, type UpstreamMethod } from '../external-api/http-upstream.js';

import { DatabaseUrlError, parseDatabaseUrl } from './database-url.js';
import { CallbackAllow } from '../webhooks/callback-allow.js';

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const toUpperCase = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' ? value.toUpperCase() : value;

/** Reads what was given: by now class-transformer has made `true` of any text. */
const toBoolean = ({ obj, key }: { obj: Record<string, unknown>; key: string }): unknown => {
  const given = obj[key];
  return typeof given === 'string' ? ({ true: true, false: false }[given.toLowerCase()] ?? given) : given;
};

const SIZE = /^[1-9]\d{0,8}(b|kb|mb|gb)?$/i;
const isHttpUrl = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };
const A_DAY = 86_400;

function IsSize(): PropertyDecorator {
  return Matches(SIZE, { message: '$property must be a size like 512kb or 4mb' });
}

function IsCallbackAllow(): PropertyDecorator {
  return ValidateBy({
    name: 'isCallbackAllow',
    validator: {
      validate: (value) => typeof value === 'string' && CallbackAllow.parse(value) !== null,
      defaultMessage: () => 'CALLBACK_ALLOW must be names, addresses and networks with commas between them',
    },
  });
}

function IsDatabaseUrl(): PropertyDecorator {
  return ValidateBy({
    name: 'isDatabaseUrl',
    validator: {
      validate: (value) => whyNotDatabaseUrl(value) === null,
      defaultMessage: (given) => `DATABASE_URL ${whyNotDatabaseUrl(given?.value) ?? ''}`,
    },
  });
}

function whyNotDatabaseUrl(value: unknown): string | null {
  try {
    parseDatabaseUrl(String(value));
    return null;
  } catch (error) {
    return error instanceof DatabaseUrlError ? error.message : 'cannot be read';
  }
}

/** The environment's variables, in their own names and units; `config.ts` makes them the program's. */
export class Environment extends SecurityEnvironment {
  @IsInt()
  @Min(0)
  @Max(65_535)
  PORT: number = 8000;

  @IsString()
  HOST: string = '0.0.0.0';

  @Transform(toUpperCase)
  @IsIn(LOG_LEVELS, { message: `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}` })
  LOG_LEVEL: LogLevel = 'INFO';

  @IsOptional()
  @IsUrl(isHttpUrl)
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  @IsInt()
  @Min(1)
  @Max(100_000)
  BATCH_SIZE: number = 3;

  @IsNumber()
  @Min(0)
  @Max(A_DAY)
  BATCH_DELAY: number = 5;

  @IsInt()
  @Min(1)
  @Max(10_000)
  MAX_IN_FLIGHT: number = 10;

  @IsInt()
  @Min(1)
  @Max(1000)
  MAX_ATTEMPTS: number = 5;

  @IsNumber()
  @Min(0)
  @Max(A_DAY)
  RETRY_BASE: number = 1;

  @IsNumber()
  @Min(0)
  @Max(A_DAY)
  RETRY_MAX: number = 60;

  @IsNumber()
  @Min(0)
  PRIORITY_AGING: number = 0;

  @Transform(toBoolean)
  @IsBoolean()
  FAIR_SHARE: boolean = false;

  @IsNumber()
  @Min(0.001)
  @Max(A_DAY)
  EXTERNAL_API_TIMEOUT: number = 30;

  @IsNumber()
  @Min(0.1)
  @Max(A_DAY)
  DISPATCH_LEASE: number = 30;

  @IsNumber()
  @Min(0)
  @Max(A_DAY)
  SHUTDOWN_GRACE: number = 10;

  @IsNumber()
  @Min(0)
  RETENTION_DAYS: number = 30;

  @Transform(toUpperCase)
  @IsIn(['ON', 'OFF'], { message: 'RESULTS must be on or off' })
  RESULTS: 'ON' | 'OFF' = 'ON';

  @IsOptional()
  @Matches(/^\s*whsec_[A-Za-z0-9+/]{32,172}={0,2}(\s+whsec_[A-Za-z0-9+/]{32,172}={0,2})*\s*$/, {
    message:
      'WEBHOOK_SECRET must be whsec_ and the base64 of 24 to 128 random bytes, or several with spaces between them',
  })
  WEBHOOK_SECRET?: string;

  @IsNumber()
  @Min(0.1)
  @Max(300)
  WEBHOOK_TIMEOUT: number = 15;

  @IsCallbackAllow()
  CALLBACK_ALLOW: string = '';

  @IsNumber()
  @Min(0)
  IDEMPOTENCY_WINDOW_SECONDS: number = 300;

  @Transform(toBoolean)
  @IsBoolean()
  IDEMPOTENCY_BY_CONTENT: boolean = true;

  @IsString()
  DATA_DIR: string = './data';

  @Transform(toBoolean)
  @IsBoolean()
  ALLOW_LOST_LOG: boolean = false;

  @IsOptional()
  @IsString()
  BACKUP_DIR?: string;

  @IsOptional()
  @IsDatabaseUrl()
  DATABASE_URL?: string;

  @Length(1, 63)
  DATABASE_SCHEMA: string = 'sluice';

  @IsInt()
  @Min(2)
  @Max(1000)
  DATABASE_POOL_SIZE: number = 10;

  @IsNumber()
  @Min(0)
  @Max(A_DAY)
  DATABASE_CONNECT_TIMEOUT: number = 30;

  @IsOptional()
  @IsString()
  LANES_FILE?: string;

  @IsOptional()
  @IsUrl(isHttpUrl)
  EXTERNAL_API_URL?: string;

  @IsOptional()
  @Transform(toUpperCase)
  @IsIn(UPSTREAM_METHODS, { message: `EXTERNAL_API_METHOD must be one of ${UPSTREAM_METHODS.join(', ')}` })
  EXTERNAL_API_METHOD?: UpstreamMethod;

  @IsOptional()
  @IsString()
  EXTERNAL_API_HEADERS?: string;

  @IsOptional()
  @IsString()
  EXTERNAL_API_TOKEN_FILE?: string;

  @IsOptional()
  @IsString()
  EXTERNAL_API_CA_FILE?: string;

  @IsSize()
  EXTERNAL_API_MAX_ANSWER: string = '16mb';

  @IsNumber()
  @Min(0)
  @Max(A_DAY)
  RETRY_AFTER_MAX: number = 3600;

  @IsInt()
  @Min(0)
  @Max(1_000_000)
  BREAKER_THRESHOLD: number = 5;

  @IsNumber()
  @Min(0.001)
  @Max(A_DAY)
  BREAKER_COOLDOWN: number = 30;

  @IsNumber()
  @Min(0)
  MOCK_DELAY_MIN: number = 1;

  @IsNumber()
  @Min(0)
  MOCK_DELAY_MAX: number = 3;

  @IsNumber()
  @Min(0)
  @Max(1)
  MOCK_ERROR_RATE: number = 0;

  @IsOptional()
  @IsInt()
  MOCK_SEED?: number;

  @IsInt()
  @Min(1)
  @Max(10_000_000)
  MAX_IDS_PER_REQUEST: number = 100_000;

  @IsInt()
  @Min(1)
  @Max(500_000_000)
  MAX_STREAM_IDS: number = 10_000_000;

  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  MAX_WAITING_IDS: number = 0;

  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  RATE_LIMIT_REQUESTS: number = 0;

  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  RATE_LIMIT_IDS: number = 0;

  @IsSize()
  BODY_LIMIT: string = '4mb';
}
