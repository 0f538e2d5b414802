import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';

export const MAX_PAGE_SIZE = 500;
const LIMIT_RULE = `must be an integer from 1 to ${String(MAX_PAGE_SIZE)}`;

/** The filter and page of dispatches; default: the newest. */
export class DispatchesQuery {
  @ApiPropertyOptional({
    description: 'The maximum number of items.',
    type: 'integer',
    minimum: 1,
    maximum: MAX_PAGE_SIZE,
    default: 50,
    example: 50,
  })
  @IsInt({ message: LIMIT_RULE })
  @Min(1, { message: LIMIT_RULE })
  @Max(MAX_PAGE_SIZE, { message: LIMIT_RULE })
  readonly limit: number = 50;

  @ApiPropertyOptional({ description: 'The `next` of the previous page.', example: '4711' })
  @IsOptional()
  @Matches(/^[1-9]\d{0,14}$/, { message: 'is not the `next` of a page' })
  readonly after?: string;

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
