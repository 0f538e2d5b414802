import { ANY_JSON } from '../../../platform/openapi/any-json.schema.js';
import { HeldByResponse } from '../../../platform/openapi/held-by-response.dto.js';
import { UNKNOWN_ESTIMATES, type UnknownEstimate } from '../../estimate/estimate.js';
import { ID_SCHEMA } from '../../../platform/openapi/id.schema.js';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FailureView } from '../../results/dto/failure.dto.js';
import { STATUSES, type Status } from '../../../domain/batch-status.js';
import { LABELS_SCHEMA } from '../../../platform/openapi/labels.schema.js';
import type { Labels } from '../../../domain/labels.js';
import { PRIORITIES, type Priority } from '../../../domain/priority.js';

const STATUS_MEANING =
  '`yet_to_start`: nothing was sent yet. `triggered`: sending has begun, and not every id has an ' +
  'outcome. `completed`: every id succeeded. `failed`: every id has an outcome, and at least one ' +
  'failed. `cancelled`: every id has an outcome or was dropped, and at least one was dropped.';

/** The result of one id. */
export class BatchResult {
  @ApiProperty({ description: 'The id, exact to the last digit.', ...ID_SCHEMA, type: 'integer', example: 1 })
  readonly id!: unknown;

  @ApiPropertyOptional({
    description: 'The data that the upstream returned. Only if the id completed and has data.',
    ...ANY_JSON,
    example: 'processed',
  })
  readonly data?: unknown;

  @ApiPropertyOptional({ description: 'The error. Only if the id failed.', type: () => FailureView })
  readonly error?: FailureView;
}

/** The ids of an ingestion that are sent in one dispatch, and their state. */
export class BatchStatus {
  @ApiProperty({
    description: 'The id of the batch. It is the same for the n-th batch of an ingestion from the start.',
    format: 'uuid',
    example: '019376a0-5c00-8a3e-9b1d-2f4c6e8a0b1d',
  })
  readonly batch_id!: string;

  @ApiProperty({
    description: 'The ids of the batch, exact, in the order of the list.',
    type: 'array',
    items: ID_SCHEMA,
    example: [1, 2, 3],
  })
  readonly ids!: readonly unknown[];

  @ApiProperty({ description: STATUS_MEANING, enum: STATUSES, enumName: 'Status', example: 'completed' })
  readonly status!: Status;

  @ApiPropertyOptional({
    description: 'The error of the first id of the batch that failed. Only if one failed.',
    example: 'simulated failure',
  })
  readonly error?: string;

  @ApiPropertyOptional({
    description:
      'The results of the ids that have an outcome, in the order of the ids. Only with ' +
      '`include=results`.',
    type: () => [BatchResult],
  })
  readonly results?: readonly BatchResult[];
}

/** Counts the ids by state. */
export class ProgressResponse {
  @ApiProperty({ description: 'The number of ids in the list.', type: 'integer', minimum: 1, example: 5 })
  readonly total!: number;

  @ApiProperty({ description: 'Ids that were never sent.', type: 'integer', minimum: 0, example: 0 })
  readonly yet_to_start!: number;

  @ApiProperty({
    description: 'Ids that were sent and have no outcome: in flight, or due for a retry.',
    type: 'integer',
    minimum: 0,
    example: 0,
  })
  readonly in_flight!: number;

  @ApiProperty({ description: 'Ids that succeeded.', type: 'integer', minimum: 0, example: 5 })
  readonly completed!: number;

  @ApiProperty({ description: 'Ids that failed for good.', type: 'integer', minimum: 0, example: 0 })
  readonly failed!: number;

  @ApiProperty({
    description: 'Ids that were dropped because the ingestion was cancelled.',
    type: 'integer',
    minimum: 0,
    example: 0,
  })
  readonly cancelled!: number;

  @ApiProperty({
    description: 'Percentage of ids that have an outcome or were dropped. It is 100 only when all are.',
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
      'The number of ids that are sent before the next id of this ingestion that was never sent. ' +
      'Retries are counted up to 10,000. With `PRIORITY_AGING` the ids of this ingestion may overtake ' +
      'some. 0 if all ids were sent.',
    type: 'integer',
    minimum: 0,
    example: 0,
  })
  readonly ids_ahead!: number;

  @ApiProperty({
    description:
      'The expected time when the next id that was never sent is sent. Null if there is none, and where ' +
      '`estimate_unknown` says why nothing is known.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  readonly estimated_start_at!: string | null;

  @ApiProperty({
    description:
      'The expected time when the last id has its outcome. Null if every id has one, and where ' +
      '`estimate_unknown` says why nothing is known.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  readonly estimated_completion_at!: string | null;

  @ApiProperty({
    description:
      'Why `estimated_completion_at` is not known; null if it is, or if every id has its outcome. `paused`: the lane is ' +
      'paused. `upstream_fails`: its breaker is open. `no_pace`: nothing limits its pace, and none was measured yet. ' +
      '`late_call`: the last request takes longer than usual.',
    type: 'string',
    enum: UNKNOWN_ESTIMATES,
    nullable: true,
    example: null,
  })
  readonly estimate_unknown!: UnknownEstimate | null;

  @ApiProperty({
    description:
      'The cause for which the lane sends none of the ids now; null if the next dispatch may go, or if no id is pending.',
    type: () => HeldByResponse,
    nullable: true,
  })
  readonly held_by!: HeldByResponse | null;
}

/** The status of an ingestion without its batches. */
export class StatusHeadResponse extends OutlookResponse {
  @ApiProperty({
    description: 'The `ingestion_id` from the response of `/ingest`.',
    format: 'uuid',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  })
  readonly ingestion_id!: string;

  @ApiProperty({ description: STATUS_MEANING, enum: STATUSES, enumName: 'Status', example: 'completed' })
  readonly status!: Status;

  @ApiProperty({
    description: 'The priority, as submitted or changed later.',
    enum: PRIORITIES,
    enumName: 'Priority',
    example: 'HIGH',
  })
  readonly priority!: Priority;

  @ApiProperty({ description: 'The lane of the ingestion.', example: 'default' })
  readonly lane!: string;

  @ApiPropertyOptional({
    description: 'The labels of the ingestion. Only if it has any.',
    ...LABELS_SCHEMA,
  })
  readonly labels?: Labels;

  @ApiPropertyOptional({
    description: 'The cost of one id, for limits that count units. Only if it is not 1.',
    type: 'integer',
    minimum: 2,
    example: 120,
  })
  readonly units?: number;

  @ApiPropertyOptional({
    description:
      'The time before which the ingestion is not in the queue. Only if one was given. Until then its status is ' +
      '`yet_to_start`, and `ids_ahead` counts as if it were due now.',
    format: 'date-time',
    example: '2036-11-24T10:00:00.000Z',
  })
  readonly not_before?: string;

  @ApiPropertyOptional({
    description: 'The time at which the ingestion expires. Only if one was given.',
    format: 'date-time',
    example: '2036-11-24T10:00:00.000Z',
  })
  readonly expires_at?: string;

  @ApiPropertyOptional({
    description: '`expired`: what was not sent by `expires_at` was cancelled. Left out in all other cases.',
    enum: ['expired'],
    example: 'expired',
  })
  readonly cancel_reason?: string;

  @ApiProperty({
    description: 'The time of acceptance.',
    format: 'date-time',
    example: '2026-11-24T10:00:00.000Z',
  })
  readonly created_at!: string;

  @ApiProperty({
    description: 'The time of the last change of the fields above.',
    format: 'date-time',
    example: '2026-11-24T10:00:05.000Z',
  })
  readonly last_updated_at!: string;

  @ApiProperty({ description: 'The number of ids in each state.', type: () => ProgressResponse })
  readonly progress!: ProgressResponse;
}

/** The status of an ingestion. */
export class StatusResponse extends StatusHeadResponse {
  @ApiPropertyOptional({
    description:
      'The batches in the order of the ids; each id is in one batch. Left out with `batches=none`.',
    type: () => [BatchStatus],
  })
  readonly batches?: readonly BatchStatus[];

  @ApiPropertyOptional({
    description:
      'The value of `after` for the next page; null on the last page. Only if `limit` or `after` was ' +
      'given.',
    type: 'string',
    nullable: true,
    example: null,
  })
  readonly next?: string | null;
}
