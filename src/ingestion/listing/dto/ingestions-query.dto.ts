import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { PageSize } from '../../../platform/http/page-size.validator.js';
import { IsRfc3339 } from '../../../platform/http/is-rfc3339.validator.js';
import { STATUSES, type Status } from '../../../domain/batch-status.js';
import { LabelParameter } from '../../dto/labels.validator.js';
import { PRIORITIES, type Priority } from '../../../domain/priority.js';

export const MAX_PAGE_SIZE = 1000;

/** The filter for ingestions. */
export class IngestionFilterQuery {
  @ApiPropertyOptional({
    description:
      'Only ingestions whose id begins or ends with this: 4 or more of its characters. The dashboard marks ' +
      'each ingestion with the last 4.',
    example: 'e037',
  })
  @IsOptional()
  @Matches(/^[0-9a-f-]{4,36}$/i, { message: 'must be 4 to 36 characters of an ingestion_id' })
  readonly ingestion_id?: string;

  @ApiPropertyOptional({
    description: 'Only ingestions with this status.',
    enum: STATUSES,
    enumName: 'Status',
    example: 'triggered',
  })
  @IsOptional()
  @IsIn(STATUSES, { message: `must be one of ${STATUSES.join(', ')}` })
  readonly status?: Status;

  @ApiPropertyOptional({
    description: 'Only ingestions with this priority.',
    enum: PRIORITIES,
    enumName: 'Priority',
    example: 'HIGH',
  })
  @IsOptional()
  @IsIn(PRIORITIES, { message: `must be one of ${PRIORITIES.join(', ')}` })
  readonly priority?: Priority;

  @ApiPropertyOptional({
    description: 'Only ingestions accepted at this time or later.',
    format: 'date-time',
    example: '2026-11-24T00:00:00Z',
  })
  @IsOptional()
  @IsRfc3339()
  readonly created_from?: string;

  @ApiPropertyOptional({
    description: 'Only ingestions accepted at this time or earlier.',
    format: 'date-time',
    example: '2036-11-24T23:59:59Z',
  })
  @IsOptional()
  @IsRfc3339()
  readonly created_to?: string;

  @LabelParameter(
    'Only ingestions with this label, `name=value`. Repeat it for those that have all of the labels.',
  )
  readonly label?: readonly string[];

  @ApiPropertyOptional({ description: 'Only ingestions in this lane.', example: 'default' })
  @IsOptional()
  @IsString()
  readonly lane?: string;

  @ApiPropertyOptional({
    description:
      'Only ingestions of this client. A client without the scope `observe` or `admin` always gets only its own.',
    example: 'billing',
  })
  @IsOptional()
  @IsString()
  readonly client?: string;
}

/** The filter and page of a listing. Without parameters it selects the newest ingestions. */
export class IngestionsQuery extends IngestionFilterQuery {
  @PageSize('The maximum number of ingestions.', { max: MAX_PAGE_SIZE, initial: 50 })
  readonly limit: number = 50;

  @ApiPropertyOptional({ description: 'The `next` of the previous page.', example: '1795514400000-4711' })
  @IsOptional()
  @Matches(/^\d{1,15}-[1-9]\d{0,14}$/, { message: 'is not the `next` of a page' })
  readonly after?: string;
}
