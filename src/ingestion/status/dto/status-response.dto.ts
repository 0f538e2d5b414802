import { ANY_JSON } from '../../../platform/openapi/any-json.schema.js';
import { ID_SCHEMA } from '../../../platform/openapi/id.schema.js';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FailureView } from '../../results/dto/failure.dto.js';
import { STATUSES, type Status } from '../../../domain/batch-status.js';
import { PRIORITIES, type Priority } from '../../../domain/priority.js';

const STATUS_MEANING =
  '`yet_to_start`: nothing sent yet. `triggered`: sent, and not every id has its outcome. ' +
  '`completed`: every id succeeded. `failed`: every id has its outcome, and at least one gave up. ' +
  '`cancelled`: every id has its outcome or was dropped, and at least one was dropped.';

/** The result of one id. */
export class BatchResult {
  @ApiProperty({ description: 'The id itself, exact.', ...ID_SCHEMA, type: 'integer', example: 1 })
  readonly id!: unknown;

  @ApiPropertyOptional({
    description: 'What the upstream answered. Only where it completed with an answer.',
    ...ANY_JSON,
    example: 'processed',
  })
  readonly data?: unknown;

  @ApiPropertyOptional({ description: 'Only where it failed: why.', type: () => FailureView })
  readonly error?: FailureView;
}

/** The ids of an ingestion that are sent in one dispatch, and their state. */
export class BatchStatus {
  @ApiProperty({
    description: 'Stays the same for the n-th batch of an ingestion, from before it is sent.',
    format: 'uuid',
    example: '019376a0-5c00-8a3e-9b1d-2f4c6e8a0b1d',
  })
  readonly batch_id!: string;

  @ApiProperty({
    description: 'Its ids, exact, in the order in which they were given.',
    type: 'array',
    items: ID_SCHEMA,
    example: [1, 2, 3],
  })
  readonly ids!: readonly unknown[];

  @ApiProperty({ description: STATUS_MEANING, enum: STATUSES, enumName: 'Status', example: 'completed' })
  readonly status!: Status;

  @ApiPropertyOptional({
    description: 'Only where an id of this batch gave up: why the first one did.',
    example: 'simulated failure',
  })
  readonly error?: string;

  @ApiPropertyOptional({
    description: 'Only with `include=results`: of its ids that have their outcome, in their order.',
    type: () => [BatchResult],
  })
  readonly results?: readonly BatchResult[];
}

/** Counts the ids by state. */
export class ProgressResponse {
  @ApiProperty({ description: 'All ids of the list.', type: 'integer', minimum: 1, example: 5 })
  readonly total!: number;

  @ApiProperty({ description: 'Never sent.', type: 'integer', minimum: 0, example: 0 })
  readonly yet_to_start!: number;

  @ApiProperty({
    description: 'Sent, and without an outcome: under way, or waiting to be sent again.',
    type: 'integer',
    minimum: 0,
    example: 0,
  })
  readonly in_flight!: number;

  @ApiProperty({ description: 'Succeeded.', type: 'integer', minimum: 0, example: 5 })
  readonly completed!: number;

  @ApiProperty({ description: 'Gave up.', type: 'integer', minimum: 0, example: 0 })
  readonly failed!: number;

  @ApiProperty({
    description: 'Dropped, as the ingestion was cancelled.',
    type: 'integer',
    minimum: 0,
    example: 0,
  })
  readonly cancelled!: number;

  @ApiProperty({
    description: 'Ids with an outcome, or dropped. 100 only when all are.',
    type: 'number',
    minimum: 0,
    maximum: 100,
    example: 100,
  })
  readonly percent!: number;
}

/** The estimate for an ingestion, if no other ids arrive. */
export class OutlookResponse {
  @ApiProperty({
    description:
      'Ids that go before its next one that was never sent: retries too, of which more than 10,000 are not counted. ' +
      'By the priorities as they are named: where `PRIORITY_AGING` is on, some may be overtaken. 0 where all were sent.',
    type: 'integer',
    minimum: 0,
    example: 0,
  })
  readonly ids_ahead!: number;

  @ApiProperty({
    description:
      'Of its next id that was never sent. Null where there is none, while the gate is paused, and without a ' +
      '`BATCH_DELAY` as long as no pace was measured.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  readonly estimated_start_at!: string | null;

  @ApiProperty({
    description:
      'When its last id will have its outcome. Null where every id has one, where the last call takes longer than usual, and as above.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  readonly estimated_completion_at!: string | null;
}

/** The status of an ingestion without its batches. */
export class StatusHeadResponse extends OutlookResponse {
  @ApiProperty({
    description: 'The id that `/ingest` answered.',
    format: 'uuid',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  })
  readonly ingestion_id!: string;

  @ApiProperty({ description: STATUS_MEANING, enum: STATUSES, enumName: 'Status', example: 'completed' })
  readonly status!: Status;

  @ApiProperty({
    description: 'As it was submitted, or as it was moved to.',
    enum: PRIORITIES,
    enumName: 'Priority',
    example: 'HIGH',
  })
  readonly priority!: Priority;

  @ApiProperty({ description: 'The lane it goes through.', example: 'default' })
  readonly lane!: string;

  @ApiProperty({
    description: 'When it was accepted.',
    format: 'date-time',
    example: '2026-11-24T10:00:00.000Z',
  })
  readonly created_at!: string;

  @ApiProperty({
    description: 'When anything above changed last.',
    format: 'date-time',
    example: '2026-11-24T10:00:05.000Z',
  })
  readonly last_updated_at!: string;

  @ApiProperty({ description: 'The counts behind the status.', type: () => ProgressResponse })
  readonly progress!: ProgressResponse;
}

/** The status of an ingestion. */
export class StatusResponse extends StatusHeadResponse {
  @ApiPropertyOptional({
    description: 'In the order of the ids. Together they hold every id once. Left out with `batches=none`.',
    type: () => [BatchStatus],
  })
  readonly batches?: readonly BatchStatus[];

  @ApiPropertyOptional({
    description: 'Only on a page: give it as `after` for the next one. Null on the last.',
    type: 'string',
    nullable: true,
    example: null,
  })
  readonly next?: string | null;
}
