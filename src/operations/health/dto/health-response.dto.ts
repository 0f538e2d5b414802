import {
  ApiExtraModels,
  ApiProperty,
  ApiPropertyOptional,
  getSchemaPath,
  PartialType,
} from '@nestjs/swagger';

/** The upstream of a lane. */
export class UpstreamResponse {
  @ApiProperty({ description: 'The upstream, for people.', example: 'https://api.example.com/process' })
  readonly upstream!: string;

  @ApiProperty({
    description: 'The state of the circuit breaker; while it is open, ids stay pending. See `/queue`.',
    enum: ['closed', 'open', 'probing'],
    example: 'closed',
  })
  readonly breaker!: 'closed' | 'open' | 'probing';
}

/** The health of a lane. */
export class LaneHealthResponse extends UpstreamResponse {
  @ApiProperty({
    description:
      'The time since when a dispatch has been due, if ids may be sent, no known reason blocks them, and no ' +
      'replica has sent a dispatch for several delays. Null while the lane is well.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  readonly unwell_since!: string | null;

  @ApiProperty({
    description:
      'True if replicas run with different settings of the lane in their environment or lanes file, as in a ' +
      'rollout. All go by those in the store, which `/lanes` shows.',
    example: false,
  })
  readonly settings_differ!: boolean;
}

/** The service is able to do its work. With authentication, only `admin` gets the optional fields. */
@ApiExtraModels(LaneHealthResponse)
export class HealthResponse extends PartialType(UpstreamResponse) {
  @ApiProperty({
    description: '`degraded`: a lane is unwell, see `lanes`. A service that cannot work returns 503.',
    enum: ['healthy', 'degraded'],
    example: 'healthy',
  })
  readonly status!: 'healthy' | 'degraded';

  @ApiProperty({ description: 'The name of this service.', example: 'sluice' })
  readonly service!: string;

  @ApiProperty({ description: 'The current time.', format: 'date-time', example: '2026-11-24T10:00:00.000Z' })
  readonly timestamp!: string;

  @ApiPropertyOptional({ description: 'The version of this replica.', example: '1.4.0' })
  readonly version?: string;

  @ApiPropertyOptional({
    description: 'The number of replicas that share the store, as this one last saw them.',
    type: 'integer',
    minimum: 1,
    example: 2,
  })
  readonly replicas?: number;

  @ApiPropertyOptional({
    description: 'Seconds since the start.',
    type: 'integer',
    minimum: 0,
    example: 3600,
  })
  readonly uptime_seconds?: number;

  @ApiPropertyOptional({
    description: 'The kind and location of the store.',
    example: 'SQLite at data/sluice.sqlite',
  })
  readonly store?: string;

  @ApiPropertyOptional({
    description: 'The health of each lane, by name.',
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(LaneHealthResponse) },
    example: {
      default: {
        upstream: 'https://api.example.com/process',
        breaker: 'closed',
        unwell_since: null,
        settings_differ: false,
      },
    },
  })
  readonly lanes?: Readonly<Record<string, LaneHealthResponse>>;
}

/** The process responds. */
export class LiveResponse {
  @ApiProperty({ description: 'The only value.', example: 'alive' })
  readonly status!: 'alive';
}

/** The result of one check. */
export class CheckResponse {
  @ApiProperty({
    description: '`degraded`: it works, but needs attention.',
    enum: ['up', 'degraded'],
    example: 'up',
  })
  readonly status!: 'up' | 'degraded';

  @ApiPropertyOptional({ description: 'The result of the check, for people.', example: '12345 MiB free' })
  readonly message?: string;
}

/** The service is ready for requests. */
export class ReadyResponse {
  @ApiProperty({
    description: '`degraded`: a check found something that needs attention.',
    enum: ['ready', 'degraded'],
    example: 'ready',
  })
  readonly status!: 'ready' | 'degraded';

  @ApiProperty({
    description: '`drain`, `store`, `schema` (migrations), `disk`, `event_loop` and `lanes`.',
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(CheckResponse) },
    example: { store: { status: 'up', message: 'SQLite at data/sluice.sqlite' } },
  })
  readonly checks!: Readonly<Record<string, CheckResponse>>;
}
