import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import type { AuditFields } from '../../../domain/audit.js';
import { PRIORITIES, type Priority } from '../../../domain/priority.js';
import { PageSize } from '../../../platform/http/page-size.validator.js';
import {
  BULK_ACTION_KINDS,
  BULK_ACTION_STATES,
  type BulkActionKind,
  type BulkActionState,
} from '../bulk-action.repository.js';

const FILTER = {
  type: 'object',
  additionalProperties: true,
  example: { lane: 'default', label: ['shop=berlin'] },
} as const;
const COUNT = { type: 'integer', minimum: 0 } as const;
const TIME = { format: 'date-time' } as const;

/** The request for the plan of a bulk action. */
export class BulkActionBody {
  @ApiProperty({
    description: 'The act that is done with all that match.',
    enum: BULK_ACTION_KINDS,
    enumName: 'BulkActionKind',
    example: 'reprioritize',
  })
  readonly action!: BulkActionKind;

  @ApiProperty({
    ...FILTER,
    description:
      'For `cancel` and `reprioritize` the filters of `GET /ingestions`, for `redrive` and `discard` those of ' +
      '`GET /dead-letters`; `label` is a list. `{}` selects all.',
  })
  readonly filter!: AuditFields;

  @ApiPropertyOptional({
    description: 'The new priority; only for `reprioritize`, which needs it.',
    enum: PRIORITIES,
    enumName: 'Priority',
    example: 'HIGH',
  })
  readonly priority?: Priority;
}

/** The page of a list of bulk actions. */
export class BulkActionsQuery {
  @PageSize('The maximum number of actions.', { max: 1000, initial: 50 })
  readonly limit: number = 50;

  @ApiPropertyOptional({ description: 'The `next` of the previous page.', example: '4711' })
  @IsOptional()
  @Matches(/^[1-9]\d{0,14}$/, { message: 'is not the `next` of a page' })
  readonly after?: string;
}

/** An action on all that match a filter. */
export class BulkActionView {
  @ApiProperty({
    description: 'The id, which is also the token of the plan.',
    format: 'uuid',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  })
  readonly bulk_action_id!: string;

  @ApiProperty({
    description: 'The act.',
    enum: BULK_ACTION_KINDS,
    enumName: 'BulkActionKind',
    example: 'cancel',
  })
  readonly action!: BulkActionKind;

  @ApiProperty({ ...FILTER, description: 'The filter.' })
  readonly filter!: AuditFields;

  @ApiPropertyOptional({
    description: 'The new priority; absent unless `action` is `reprioritize`.',
    enum: PRIORITIES,
    enumName: 'Priority',
    example: 'HIGH',
  })
  readonly priority?: Priority;

  @ApiProperty({
    description: 'The state. `expired`: it was not started before `expires_at`.',
    enum: BULK_ACTION_STATES,
    enumName: 'BulkActionState',
    example: 'running',
  })
  readonly state!: BulkActionState;

  @ApiProperty({ ...COUNT, description: 'The number of ingestions in the plan.', example: 120 })
  readonly ingestions!: number;

  @ApiProperty({
    ...COUNT,
    description:
      'The number of ids in the plan: dead letters, or ids without an outcome, including those in flight, which are not ' +
      'changed.',
    example: 4711,
  })
  readonly ids!: number;

  @ApiProperty({
    ...COUNT,
    nullable: true,
    description: 'The number of changed ingestions; null for `redrive` and `discard`, which go by id.',
    example: 20,
  })
  readonly ingestions_done!: number | null;

  @ApiProperty({ ...COUNT, description: 'The number of changed ids.', example: 800 })
  readonly ids_done!: number;

  @ApiProperty({
    ...COUNT,
    description:
      'Ingestions, or dead letters, that match and could not be changed, for example because they have ended.',
    example: 1,
  })
  readonly skipped!: number;

  @ApiProperty({ ...TIME, description: 'When it was planned.', example: '2026-11-24T10:00:00.000Z' })
  readonly created_at!: string;

  @ApiProperty({
    ...TIME,
    description: 'The plan can be started until then.',
    example: '2026-11-24T11:00:00.000Z',
  })
  readonly expires_at!: string;

  @ApiProperty({
    ...TIME,
    description: 'When it was first started; null before.',
    type: 'string',
    nullable: true,
    example: '2026-11-24T10:01:00.000Z',
  })
  readonly started_at!: string | null;

  @ApiProperty({
    ...TIME,
    description: 'When it was stopped or has ended; null while it runs.',
    type: 'string',
    nullable: true,
    example: '2026-11-24T10:01:09.000Z',
  })
  readonly ended_at!: string | null;

  @ApiProperty({
    description: 'The client that started it; null before, and if authentication is disabled.',
    type: 'string',
    nullable: true,
    example: 'ops',
  })
  readonly started_by!: string | null;

  @ApiProperty({
    description: 'Why it failed; null otherwise.',
    type: 'string',
    nullable: true,
    example: null,
  })
  readonly last_error!: string | null;
}

/** A page of bulk actions, the newest first. */
export class BulkActionPage {
  @ApiProperty({ description: 'The newest first.', type: () => [BulkActionView] })
  readonly bulk_actions!: readonly BulkActionView[];

  @ApiProperty({
    description: 'The value of `after` for the next page; null on the last page.',
    type: 'string',
    nullable: true,
    example: '4711',
  })
  readonly next!: string | null;
}
