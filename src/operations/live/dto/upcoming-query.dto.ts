import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { OptionalLane } from '../../../ingestion/dto/lane.validator.js';

export const MAX_UPCOMING_IDS = 300;

const RANGE = { message: `must be an integer from 1 to ${String(MAX_UPCOMING_IDS)}` };

/** The lane to watch. */
export class GateLaneQuery {
  @OptionalLane('The lane; default: `default`.')
  readonly lane?: string;
}

/** The number of ids to show. */
export class UpcomingQuery extends GateLaneQuery {
  @ApiPropertyOptional({
    description: 'The maximum number of ids.',
    type: 'integer',
    minimum: 1,
    maximum: MAX_UPCOMING_IDS,
    default: 30,
    example: 30,
  })
  @IsInt(RANGE)
  @Min(1, RANGE)
  @Max(MAX_UPCOMING_IDS, RANGE)
  readonly limit: number = 30;
}
