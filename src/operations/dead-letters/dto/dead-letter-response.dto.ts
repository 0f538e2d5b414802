import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { DeadLetterCounts } from '../dead-letter.repository.js';
import { MAX_GROUPS } from '../dead-letter-totals.js';
import { FailureView } from '../../../ingestion/results/dto/failure.dto.js';
import type { Labels } from '../../../domain/labels.js';
import { LABELS_SCHEMA } from '../../../platform/openapi/labels.schema.js';
import { PRIORITIES, type Priority } from '../../../domain/priority.js';
import { ID_SCHEMA } from '../../../platform/openapi/id.schema.js';
import { ATTEMPT_ERROR_KINDS, type AttemptErrorKind } from '../../../domain/dispatch.js';

/** The maximum that is counted per kind. */
export const MAX_COUNTED_PER_KIND = 10_000;

const KINDS_MEANING =
  '`network`: the call did not get through. `timeout`: it took too long. `upstream`: the upstream failed for now. ' +
  '`rejected`: the upstream refused for good. `missing_answer`: the answer left the id out. `bad_answer`: the answer ' +
  'made no sense. `lapsed`: the gate stopped before the outcome was recorded; this is not counted as an attempt.';

/** An attempt that failed. */
export class FailedAttemptView {
  @ApiProperty({
    description: 'When its outcome was recorded.',
    format: 'date-time',
    example: '2026-11-24T10:00:05.000Z',
  })
  readonly at!: string;

  @ApiProperty({
    description: KINDS_MEANING,
    enum: ATTEMPT_ERROR_KINDS,
    enumName: 'AttemptErrorKind',
    example: 'timeout',
  })
  readonly kind!: AttemptErrorKind;

  @ApiProperty({ description: 'The error message.', example: 'no answer within 30 s' })
  readonly message!: string;
}

/** An id that failed for good. */
export class DeadLetterView {
  @ApiProperty({
    description: 'The ingestion of the id.',
    format: 'uuid',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  })
  readonly ingestion_id!: string;

  @ApiProperty({
    description: 'The batch of the id.',
    format: 'uuid',
    example: '019376a0-5c00-8a3e-9b1d-2f4c6e8a0b1d',
  })
  readonly batch_id!: string;

  @ApiProperty({ description: 'The id itself, exact.', ...ID_SCHEMA, type: 'integer', example: 42 })
  readonly id!: unknown;

  @ApiProperty({
    description: 'Its position among the ids of its ingestion, from 0.',
    type: 'integer',
    minimum: 0,
    example: 2,
  })
  readonly position!: number;

  @ApiProperty({
    description: 'The priority of its ingestion.',
    enum: PRIORITIES,
    enumName: 'Priority',
    example: 'HIGH',
  })
  readonly priority!: Priority;

  @ApiProperty({ description: 'The lane of its ingestion.', example: 'default' })
  readonly lane!: string;

  @ApiProperty({
    description: 'The client of its ingestion; null if authentication was disabled.',
    type: 'string',
    nullable: true,
    example: 'billing',
  })
  readonly client!: string | null;

  @ApiPropertyOptional({
    description: 'The labels of its ingestion; absent if it has none.',
    ...LABELS_SCHEMA,
  })
  readonly labels?: Labels;

  @ApiProperty({
    description: 'The time when the id failed for good.',
    format: 'date-time',
    example: '2026-11-24T10:00:35.000Z',
  })
  readonly died_at!: string;

  @ApiProperty({ description: 'The kind of its last error.', type: () => FailureView })
  readonly error!: FailureView;

  @ApiProperty({
    description: 'The HTTP status of the last response; null if there was none, or if it reported success.',
    type: 'integer',
    nullable: true,
    example: 503,
  })
  readonly upstream_status!: number | null;

  @ApiProperty({
    description: 'All failed attempts, the oldest first, including those before an earlier redrive.',
    type: () => [FailedAttemptView],
  })
  readonly attempts!: readonly FailedAttemptView[];
}

/** A page of dead letters, the newest first. */
export class DeadLetterPage {
  @ApiProperty({ description: 'The newest first.', type: () => [DeadLetterView] })
  readonly dead_letters!: readonly DeadLetterView[];

  @ApiProperty({
    description: 'The value of `after` for the next page; null on the last page.',
    type: 'string',
    nullable: true,
    example: '1795514400000-4711',
  })
  readonly next!: string | null;
}

/** Dead letters with the same error in the same lane. */
export class DeadLetterGroupView {
  @ApiProperty({ description: 'The lane.', example: 'default' })
  readonly lane!: string;

  @ApiProperty({
    description: 'The kind of their last error.',
    enum: ATTEMPT_ERROR_KINDS,
    enumName: 'AttemptErrorKind',
    example: 'upstream',
  })
  readonly kind!: AttemptErrorKind;

  @ApiProperty({
    description: `The message of their last error; null for further messages, after ${String(MAX_GROUPS)} groups.`,
    type: 'string',
    nullable: true,
    example: 'the upstream answered 503',
  })
  readonly message!: string | null;

  @ApiProperty({
    description: 'The HTTP status of their last response; null if there was none.',
    type: 'integer',
    nullable: true,
    example: 503,
  })
  readonly upstream_status!: number | null;

  @ApiProperty({ description: 'The number of dead letters.', type: 'integer', minimum: 1, example: 42 })
  readonly ids!: number;

  @ApiProperty({ description: 'The number of their ingestions.', type: 'integer', minimum: 1, example: 3 })
  readonly ingestions!: number;

  @ApiProperty({
    description: 'When the first of them failed for good.',
    format: 'date-time',
    example: '2026-11-24T10:00:05.000Z',
  })
  readonly first_failed_at!: string;

  @ApiProperty({
    description: 'When the last of them failed for good.',
    format: 'date-time',
    example: '2026-11-24T10:00:35.000Z',
  })
  readonly last_failed_at!: string;
}

const COUNT = { type: 'integer', minimum: 0, maximum: MAX_COUNTED_PER_KIND } as const;

/** The numbers of dead letters. */
export class DeadLetterCountsResponse {
  @ApiProperty({
    description:
      'The number of dead letters that match. A count that took long is repeated for ten times as long as it took.',
    type: 'integer',
    minimum: 0,
    example: 42,
  })
  readonly total_ids!: number;

  @ApiProperty({ description: 'The number of their ingestions.', type: 'integer', minimum: 0, example: 3 })
  readonly total_ingestions!: number;

  @ApiProperty({
    description: 'The same by error and lane, the largest first.',
    type: () => [DeadLetterGroupView],
  })
  readonly groups!: readonly DeadLetterGroupView[];

  @ApiProperty({
    description: 'The maximum per kind: a kind with this count has this many or more.',
    type: 'integer',
    example: MAX_COUNTED_PER_KIND,
  })
  readonly max_per_kind!: number;

  @ApiProperty({
    description:
      'All dead letters by the kind of their last error, whatever the filter, including those of cancelled ingestions, which are not ' +
      'sent again.',
    type: 'object',
    properties: Object.fromEntries(ATTEMPT_ERROR_KINDS.map((kind) => [kind, COUNT])),
    required: [...ATTEMPT_ERROR_KINDS],
    selfRequired: true,
    additionalProperties: false,
    example: { ...Object.fromEntries(ATTEMPT_ERROR_KINDS.map((kind) => [kind, 0])), timeout: 42 },
  })
  readonly kinds!: DeadLetterCounts;
}

/** The result of a redrive. */
export class RedriveResponse {
  @ApiProperty({
    description: 'The number of dead letters that were requeued; 0 if none matched.',
    type: 'integer',
    minimum: 0,
    example: 3,
  })
  readonly redriven!: number;
}
