import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';

/** The upstream of a lane. */
export class UpstreamResponse {
  @ApiProperty({ description: 'Where ids are sent.', example: 'https://api.example.com/process' })
  readonly upstream!: string;

  @ApiProperty({
    description: 'Whether the upstream is given a rest because it failed; ids wait meanwhile. See `/queue`.',
    enum: ['closed', 'open', 'probing'],
    example: 'closed',
  })
  readonly breaker!: 'closed' | 'open' | 'probing';
}

/** The health of a lane. */
export class LaneHealthResponse extends UpstreamResponse {
  @ApiProperty({
    description:
      'Ids may go, no known reason keeps them back, and no replica has sent a dispatch for several delays: since when one was ' +
      'due. Null while the lane is well.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  readonly unwell_since!: string | null;
}

/** The service is able to do its work. */
@ApiExtraModels(LaneHealthResponse)
export class HealthResponse extends UpstreamResponse {
  @ApiProperty({
    description: '`degraded`: a lane is unwell, see `lanes`. What takes no work is answered with 503.',
    enum: ['healthy', 'degraded'],
    example: 'healthy',
  })
  readonly status!: 'healthy' | 'degraded';

  @ApiProperty({ description: 'The name of this service.', example: 'sluice' })
  readonly service!: string;

  @ApiProperty({ description: 'Now.', format: 'date-time', example: '2026-11-24T10:00:00.000Z' })
  readonly timestamp!: string;

  @ApiProperty({ description: 'Seconds since the start.', type: 'integer', minimum: 0, example: 3600 })
  readonly uptime_seconds!: number;

  @ApiProperty({ description: 'Where ids are kept.', example: 'SQLite at data/sluice.sqlite' })
  readonly store!: string;

  @ApiProperty({
    description: 'The upstream of each lane, and whether the lane is well.',
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(LaneHealthResponse) },
    example: {
      default: { upstream: 'https://api.example.com/process', breaker: 'closed', unwell_since: null },
    },
  })
  readonly lanes!: Readonly<Record<string, LaneHealthResponse>>;
}

/** The process responds. */
export class LiveResponse {
  @ApiProperty({ description: 'The only value.', example: 'alive' })
  readonly status!: 'alive';
}

/** The result of one check. */
export class CheckResponse {
  @ApiProperty({
    description: '`degraded`: it works, and wants looking after.',
    enum: ['up', 'degraded'],
    example: 'up',
  })
  readonly status!: 'up' | 'degraded';

  @ApiPropertyOptional({ description: 'What was found, for people.', example: '12345 MiB free' })
  readonly message?: string;
}

/** The service is ready for requests. */
export class ReadyResponse {
  @ApiProperty({
    description: '`degraded`: a check found something to look after.',
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
