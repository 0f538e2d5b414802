import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { STATUSES, type Status } from '../../../domain/batch-status.js';
import { PRIORITIES, type Priority } from '../../../domain/priority.js';
import { ID_SCHEMA } from '../../../platform/openapi/id.schema.js';
import { PageSize } from '../../../platform/http/page-size.validator.js';
import { FailureView } from '../../results/dto/failure.dto.js';

/** The query of `GET /ids/{id}`. */
export class IdSearchQuery {
  @PageSize('The maximum number of ingestions that are found.', { max: 100, initial: 20 })
  readonly limit: number = 20;

  @ApiPropertyOptional({
    description: 'The `next` of the previous page.',
    example: '1795514400000-4711-4710-500',
  })
  @IsOptional()
  @Matches(/^\d{1,16}-\d{1,16}(-\d{1,16}-\d{1,10})?$/, { message: 'is not the `next` of a page' })
  readonly after?: string;
}

/** An ingestion that has the id, and how far the id is. */
export class FoundIdView {
  @ApiProperty({
    description: 'The ingestion.',
    format: 'uuid',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  })
  readonly ingestion_id!: string;

  @ApiProperty({
    description: 'The position of the id in it, from 0.',
    type: 'integer',
    minimum: 0,
    example: 0,
  })
  readonly position!: number;

  @ApiProperty({
    description: 'The status of the id.',
    enum: STATUSES,
    enumName: 'Status',
    example: 'completed',
  })
  readonly status!: Status;

  @ApiPropertyOptional({ description: 'The error. Only if the id failed.', type: () => FailureView })
  readonly error?: FailureView;

  @ApiProperty({ description: 'The lane of the ingestion.', example: 'default' })
  readonly lane!: string;

  @ApiProperty({
    description: 'The priority of the ingestion.',
    enum: PRIORITIES,
    enumName: 'Priority',
    example: 'HIGH',
  })
  readonly priority!: Priority;

  @ApiProperty({
    description: 'The time of acceptance.',
    format: 'date-time',
    example: '2026-11-24T10:00:00.000Z',
  })
  readonly created_at!: string;
}

/** A part of the search for an id. */
export class IdSearchView {
  @ApiProperty({ description: 'The id, exact to the last digit.', ...ID_SCHEMA, type: 'integer', example: 1 })
  readonly id!: unknown;

  @ApiProperty({ description: 'The newest ingestions first.', type: () => [FoundIdView] })
  readonly found!: readonly FoundIdView[];

  @ApiProperty({ description: 'The ids that this request read.', type: 'integer', minimum: 0, example: 5000 })
  readonly searched_ids!: number;

  @ApiProperty({
    description: 'The ingestions that this request read.',
    type: 'integer',
    minimum: 0,
    example: 12,
  })
  readonly searched_ingestions!: number;

  @ApiProperty({
    description: 'The time of acceptance of the last ingestion that was read; null if there was none.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: '2026-11-24T10:00:00.000Z',
  })
  readonly searched_to!: string | null;

  @ApiProperty({
    description:
      'The value of `after` with which the search goes on; null if all ingestions were read. It may be set although ' +
      'nothing was found.',
    type: 'string',
    nullable: true,
    example: null,
  })
  readonly next!: string | null;
}
