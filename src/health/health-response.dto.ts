import { ApiProperty } from '@nestjs/swagger';

/** The service is able to do its work. */
export class HealthResponse {
  @ApiProperty({ description: 'The only value: anything else is answered with 503.', example: 'healthy' })
  readonly status!: 'healthy';

  @ApiProperty({ description: 'The name of this service.', example: 'sluice' })
  readonly service!: string;

  @ApiProperty({ description: 'Now.', format: 'date-time', example: '2026-11-24T10:00:00.000Z' })
  readonly timestamp!: string;

  @ApiProperty({ description: 'Seconds since the start.', type: 'integer', minimum: 0, example: 3600 })
  readonly uptime_seconds!: number;

  @ApiProperty({ description: 'Where ids are kept.', example: 'SQLite at data/sluice.sqlite' })
  readonly store!: string;
}
