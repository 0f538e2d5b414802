import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches } from 'class-validator';
import { PageSize } from '../../../platform/http/page-size.validator.js';

export const MAX_PAGE_SIZE = 500;

/** The page of dispatches; default: the newest. */
export class DispatchPageQuery {
  @PageSize('The maximum number of items.', { max: MAX_PAGE_SIZE, initial: 50 })
  readonly limit: number = 50;

  @ApiPropertyOptional({ description: 'The `next` of the previous page.', example: '4711' })
  @IsOptional()
  @Matches(/^[1-9]\d{0,14}$/, { message: 'is not the `next` of a page' })
  readonly after?: string;
}

/** The filter and page of dispatches. */
export class DispatchesQuery extends DispatchPageQuery {
  @ApiPropertyOptional({
    description: 'Only dispatches with ids of this ingestion.',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  })
  @IsOptional()
  @IsString()
  readonly ingestion_id?: string;

  @ApiPropertyOptional({ description: 'Only dispatches of this lane.', example: 'default' })
  @IsOptional()
  @IsString()
  readonly lane?: string;
}
