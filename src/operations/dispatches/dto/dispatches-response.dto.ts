import { ApiProperty } from '@nestjs/swagger';
import { PRIORITIES, type Priority } from '../../../domain/priority.js';
import { ID_SCHEMA } from '../../../platform/openapi/id.schema.js';
import { ATTEMPT_ERROR_KINDS, type AttemptErrorKind } from '../../../domain/dispatch.js';

export const DISPATCH_OUTCOMES = ['in_flight', 'settled', 'lapsed', 'released'] as const;
export type DispatchOutcome = (typeof DISPATCH_OUTCOMES)[number];

const OUTCOME_MEANING =
  '`in_flight`: its call runs. `settled`: every id has an outcome. `lapsed`: the process that made the call stopped ' +
  'before it was recorded, and all ids are sent again. `released`: the call was given up by a stop, or came too late ' +
  'for its slot, and all ids are sent again.';

/** The number of ids by outcome. */
export class OutcomeCountsView {
  @ApiProperty({ description: 'Succeeded.', type: 'integer', minimum: 0, example: 2 })
  readonly completed!: number;

  @ApiProperty({
    description: 'Did not succeed, and are to be sent again.',
    type: 'integer',
    minimum: 0,
    example: 1,
  })
  readonly retried!: number;

  @ApiProperty({ description: 'Gave up.', type: 'integer', minimum: 0, example: 0 })
  readonly failed!: number;
}

/** The error of one id. */
export class DispatchErrorView {
  @ApiProperty({ description: 'The id itself, exact.', ...ID_SCHEMA, type: 'integer', example: 3 })
  readonly id!: unknown;

  @ApiProperty({
    description: 'What kind of error it was; as in `/dead-letters`.',
    enum: ATTEMPT_ERROR_KINDS,
    enumName: 'AttemptErrorKind',
    example: 'timeout',
  })
  readonly kind!: AttemptErrorKind;

  @ApiProperty({ description: 'What went wrong, in words.', example: 'no answer within 30 s' })
  readonly message!: string;
}

/** Ids of one batch in a dispatch. */
export class DispatchPartView {
  @ApiProperty({
    description: 'The ingestion they belong to.',
    format: 'uuid',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  })
  readonly ingestion_id!: string;

  @ApiProperty({
    description: 'Their batch.',
    format: 'uuid',
    example: '019376a0-5c00-8a3e-9b1d-2f4c6e8a0b1d',
  })
  readonly batch_id!: string;

  @ApiProperty({
    description: 'The priority of their ingestion.',
    enum: PRIORITIES,
    enumName: 'Priority',
    example: 'HIGH',
  })
  readonly priority!: Priority;

  @ApiProperty({
    description: 'The how-manieth attempt this was for them; counted anew after a redrive.',
    type: 'integer',
    minimum: 1,
    example: 1,
  })
  readonly attempt!: number;

  @ApiProperty({
    description: 'The ids, exact.',
    type: 'array',
    items: ID_SCHEMA,
    example: [1, 2, 3],
  })
  readonly ids!: readonly unknown[];

  @ApiProperty({ description: 'Of those that did not succeed, why.', type: () => [DispatchErrorView] })
  readonly errors!: readonly DispatchErrorView[];
}

/** One upstream request. */
export class DispatchView {
  @ApiProperty({
    description: 'Its id; the upstream got it as `Idempotency-Key`.',
    format: 'uuid',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1e',
  })
  readonly dispatch_id!: string;

  @ApiProperty({ description: 'The lane it went through.', example: 'default' })
  readonly lane!: string;

  @ApiProperty({ description: 'When it began.', format: 'date-time', example: '2026-11-24T10:00:00.000Z' })
  readonly started_at!: string;

  @ApiProperty({
    description: 'When its end was recorded; null while its call runs.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: '2026-11-24T10:00:01.500Z',
  })
  readonly ended_at!: string | null;

  @ApiProperty({
    description: 'From one to the other; null while its call runs.',
    type: 'integer',
    minimum: 0,
    nullable: true,
    example: 1500,
  })
  readonly duration_ms!: number | null;

  @ApiProperty({
    description: OUTCOME_MEANING,
    enum: DISPATCH_OUTCOMES,
    enumName: 'DispatchOutcome',
    example: 'settled',
  })
  readonly outcome!: DispatchOutcome;

  @ApiProperty({
    description: 'What became of its ids; all 0 while its call runs.',
    type: () => OutcomeCountsView,
  })
  readonly counts!: OutcomeCountsView;

  @ApiProperty({
    description: 'What it carried. Lists that retention has forgotten are left out.',
    type: () => [DispatchPartView],
  })
  readonly parts!: readonly DispatchPartView[];
}

/** A page of the timeline. */
export class DispatchList {
  @ApiProperty({ description: 'The newest first.', type: () => [DispatchView] })
  readonly dispatches!: readonly DispatchView[];

  @ApiProperty({
    description: 'Where the next page begins, for `after`; null on the last page.',
    type: 'string',
    nullable: true,
    example: '4711',
  })
  readonly next!: string | null;
}
