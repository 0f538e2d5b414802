import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { PageSize } from '../../../platform/http/page-size.validator.js';
import { STATUSES, type Status } from '../../../domain/batch-status.js';

export const MAX_PAGE_SIZE = 1000;

/** The query parameters that select results of an ingestion. */
export class ResultQuery {
  @PageSize('The maximum number of results. A page ends earlier if its data reaches one megabyte.', {
    max: MAX_PAGE_SIZE,
    initial: 100,
  })
  readonly limit: number = 100;

  @ApiPropertyOptional({
    description: 'The `next` of the previous page; 0 for the first page.',
    example: '0',
  })
  @IsOptional()
  @Matches(/^(0|[1-9]\d{0,9})$/, { message: 'is not the `next` of a page' })
  readonly after?: string;

  @ApiPropertyOptional({
    description:
      'Only ids with this status. A page may then be short, or empty, and still have a `next`; those that failed ' +
      'are found at once wherever they stand.',
    enum: STATUSES,
    enumName: 'Status',
    example: 'completed',
  })
  @IsOptional()
  @IsIn(STATUSES, { message: `must be one of ${STATUSES.join(', ')}` })
  readonly status?: Status;
}
