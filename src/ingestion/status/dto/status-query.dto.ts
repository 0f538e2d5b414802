import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

import { MAX_WAIT_SECONDS } from '../live/long-poll.js';

export const MAX_PAGE_SIZE = 10_000;
const LIMIT_RULE = `must be an integer from 1 to ${String(MAX_PAGE_SIZE)}`;
const WAIT_RULE = `must be an integer from 0 to ${String(MAX_WAIT_SECONDS)}`;

/** Selects the batches of a status; without parameters all of them. */
export class StatusQuery {
  @ApiPropertyOptional({
    description: '`none` leaves the batches out, which keeps a status small that is requested often.',
    enum: ['all', 'none'],
    enumName: 'BatchesShown',
    default: 'all',
    example: 'all',
  })
  @IsIn(['all', 'none'], { message: 'must be all or none' })
  readonly batches: 'all' | 'none' = 'all';

  @ApiPropertyOptional({
    description: 'The maximum number of batches. The response then has `next`.',
    type: 'integer',
    minimum: 1,
    maximum: MAX_PAGE_SIZE,
    example: 100,
  })
  @IsOptional()
  @IsInt({ message: LIMIT_RULE })
  @Min(1, { message: LIMIT_RULE })
  @Max(MAX_PAGE_SIZE, { message: LIMIT_RULE })
  readonly limit?: number;

  @ApiPropertyOptional({
    description:
      'Respond when something changes, and after this many seconds at the latest. With `If-None-Match`: ' +
      'when the status differs from that one. `Prefer: wait=` (RFC 7240) does the same.',
    type: 'integer',
    minimum: 0,
    maximum: MAX_WAIT_SECONDS,
    example: 0,
  })
  @IsOptional()
  @IsInt({ message: WAIT_RULE })
  @Min(0, { message: WAIT_RULE })
  @Max(MAX_WAIT_SECONDS, { message: WAIT_RULE })
  readonly wait?: number;

  @ApiPropertyOptional({
    description:
      '`results` adds the results of its ids to each batch, as the original system did. For many ' +
      'results use `/ingestions/{ingestion_id}/results`.',
    enum: ['results'],
    enumName: 'StatusInclusion',
    example: 'results',
  })
  @IsOptional()
  @IsIn(['results'], { message: 'must be results' })
  readonly include?: 'results';

  @ApiPropertyOptional({
    description: 'The `next` of the previous page; 0 for the first page.',
    example: '0',
  })
  @IsOptional()
  @Matches(/^(0|[1-9]\d{0,7})$/, { message: 'is not the `next` of a page' })
  readonly after?: string;
}
