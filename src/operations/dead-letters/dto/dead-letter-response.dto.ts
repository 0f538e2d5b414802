import { ApiProperty } from '@nestjs/swagger';
import type { DeadLetterCounts } from '../dead-letter.repository.js';
import { FailureView } from '../../../ingestion/results/dto/failure.dto.js';
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

  @ApiProperty({
    description: 'The time when the id failed for good.',
    format: 'date-time',
    example: '2026-11-24T10:00:35.000Z',
  })
  readonly died_at!: string;

  @ApiProperty({ description: 'The kind of its last error.', type: () => FailureView })
  readonly error!: FailureView;

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
    example: '4711',
  })
  readonly next!: string | null;
}

const COUNT = { type: 'integer', minimum: 0, maximum: MAX_COUNTED_PER_KIND } as const;

/** The number of dead letters by kind. */
export class DeadLetterCountsResponse {
  @ApiProperty({
    description: 'The maximum per kind: a kind with this count has this many or more.',
    type: 'integer',
    example: MAX_COUNTED_PER_KIND,
  })
  readonly max_per_kind!: number;

  @ApiProperty({
    description:
      'Dead letters by the kind of their last error, including those of cancelled ingestions, which are not ' +
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
