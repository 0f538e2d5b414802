import { ApiProperty, OmitType, PickType } from '@nestjs/swagger';
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
  @ApiProperty({ description: 'Ids that succeeded.', type: 'integer', minimum: 0, example: 2 })
  readonly completed!: number;

  @ApiProperty({
    description: 'Ids that failed and are retried.',
    type: 'integer',
    minimum: 0,
    example: 1,
  })
  readonly retried!: number;

  @ApiProperty({ description: 'Ids that failed for good.', type: 'integer', minimum: 0, example: 0 })
  readonly failed!: number;
}

/** The error of one id. */
export class DispatchErrorView {
  @ApiProperty({ description: 'The id itself, exact.', ...ID_SCHEMA, type: 'integer', example: 3 })
  readonly id!: unknown;

  @ApiProperty({
    description: 'The kind of the error, as in `/dead-letters`.',
    enum: ATTEMPT_ERROR_KINDS,
    enumName: 'AttemptErrorKind',
    example: 'timeout',
  })
  readonly kind!: AttemptErrorKind;

  @ApiProperty({ description: 'The error message.', example: 'no answer within 30 s' })
  readonly message!: string;
}

/** Ids of one batch in a dispatch. */
export class DispatchPartView {
  @ApiProperty({
    description: 'The ingestion of the ids.',
    format: 'uuid',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  })
  readonly ingestion_id!: string;

  @ApiProperty({
    description: 'The batch of the ids.',
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
    description: 'The number of this attempt, from 1; a redrive starts again at 1.',
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

  @ApiProperty({
    description: 'The errors of the ids that did not succeed.',
    type: () => [DispatchErrorView],
  })
  readonly errors!: readonly DispatchErrorView[];
}

/** One upstream request. */
export class DispatchView {
  @ApiProperty({
    description: 'The dispatch id; the upstream received it as `Idempotency-Key`.',
    format: 'uuid',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1e',
  })
  readonly dispatch_id!: string;

  @ApiProperty({ description: 'The lane of the dispatch.', example: 'default' })
  readonly lane!: string;

  @ApiProperty({
    description: 'The time when the dispatch started.',
    format: 'date-time',
    example: '2026-11-24T10:00:00.000Z',
  })
  readonly started_at!: string;

  @ApiProperty({
    description: 'The time when its end was recorded; null while it is in flight.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: '2026-11-24T10:00:01.500Z',
  })
  readonly ended_at!: string | null;

  @ApiProperty({
    description: 'The duration; null while it is in flight.',
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
    description: 'The outcomes of its ids; all 0 while it is in flight.',
    type: () => OutcomeCountsView,
  })
  readonly counts!: OutcomeCountsView;

  @ApiProperty({
    description: 'The ids of the dispatch by batch, without ingestions that retention has deleted.',
    type: () => [DispatchPartView],
  })
  readonly parts!: readonly DispatchPartView[];
}

/** A page of the timeline. */
export class DispatchList {
  @ApiProperty({ description: 'The newest first.', type: () => [DispatchView] })
  readonly dispatches!: readonly DispatchView[];

  @ApiProperty({
    description: 'The value of `after` for the next page; null on the last page.',
    type: 'string',
    nullable: true,
    example: '4711',
  })
  readonly next!: string | null;
}

/** Ids of one batch of the ingestion in a dispatch. */
export class IngestionDispatchPart extends PickType(DispatchPartView, [
  'batch_id',
  'attempt',
  'ids',
  'errors',
] as const) {}

/** One upstream request with the ids of one ingestion. */
export class IngestionDispatch extends OmitType(DispatchView, ['counts', 'parts'] as const) {
  @ApiProperty({
    description: 'Ids of this ingestion that succeeded; 0 unless the dispatch is settled.',
    type: 'integer',
    minimum: 0,
    example: 2,
  })
  readonly completed!: number;

  @ApiProperty({
    description: 'Ids of this ingestion that failed or are retried; 0 unless the dispatch is settled.',
    type: 'integer',
    minimum: 0,
    example: 1,
  })
  readonly unsuccessful!: number;

  @ApiProperty({ description: 'The ids of this ingestion by batch.', type: () => [IngestionDispatchPart] })
  readonly parts!: readonly IngestionDispatchPart[];
}

/** A page of dispatches of one ingestion. */
export class IngestionDispatchList {
  @ApiProperty({ description: 'The newest first.', type: () => [IngestionDispatch] })
  readonly dispatches!: readonly IngestionDispatch[];

  @ApiProperty({
    description: 'The value of `after` for the next page; null on the last page.',
    type: 'string',
    nullable: true,
    example: '4711',
  })
  readonly next!: string | null;
}
