import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, Length, Max, Min } from 'class-validator';

export const MOST_UPCOMING_IDS = 300;

const RANGE = { message: `must be an integer from 1 to ${String(MOST_UPCOMING_IDS)}` };

/** Whose gate to look at. */
export class GateLaneQuery {
  @ApiPropertyOptional({
    description: 'The lane; `default` without it.',
    minLength: 1,
    maxLength: 63,
    example: 'default',
  })
  @IsOptional()
  @Length(1, 63, { message: 'must be 1 to 63 characters' })
  readonly lane?: string;
}

/** How far ahead to look. */
export class UpcomingQuery extends GateLaneQuery {
  @ApiPropertyOptional({
    description: 'How many ids at the most.',
    type: 'integer',
    minimum: 1,
    maximum: MOST_UPCOMING_IDS,
    default: 30,
    example: 30,
  })
  @IsInt(RANGE)
  @Min(1, RANGE)
  @Max(MOST_UPCOMING_IDS, RANGE)
  readonly limit: number = 30;
}
