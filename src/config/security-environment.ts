import { IsInt, IsNumber, IsOptional, IsString, IsUrl, Max, Min } from 'class-validator';

const AN_HOUR = 3600;

/** The variables that say who may ask, and how the service stands towards the network. */
export class SecurityEnvironment {
  @IsOptional()
  @IsString()
  API_KEYS_FILE?: string;

  @IsOptional()
  @IsString()
  JWT_ISSUER?: string;

  @IsOptional()
  @IsString()
  JWT_AUDIENCE?: string;

  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  JWKS_URL?: string;

  @IsOptional()
  @IsString()
  CORS_ORIGINS?: string;

  @IsOptional()
  @IsString()
  TRUST_PROXY?: string;

  @IsNumber()
  @Min(0.1)
  @Max(AN_HOUR)
  REQUEST_HEADERS_TIMEOUT: number = 10;

  @IsNumber()
  @Min(0.1)
  @Max(AN_HOUR)
  REQUEST_IDLE_TIMEOUT: number = 20;

  @IsNumber()
  @Min(0.1)
  @Max(AN_HOUR)
  KEEP_ALIVE_TIMEOUT: number = 65;

  @IsInt()
  @Min(1)
  @Max(1_000_000)
  MAX_CONNECTIONS: number = 10_000;
}

/** Those without a default. */
export const OPTIONAL_SECURITY_VARIABLES: readonly string[] = [
  'API_KEYS_FILE',
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'JWKS_URL',
  'CORS_ORIGINS',
  'TRUST_PROXY',
];
