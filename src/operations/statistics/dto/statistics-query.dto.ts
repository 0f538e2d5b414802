import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { LaneQuery } from '../../queue-admin/dto/lane-query.dto.js';
import { RANGES, type Range } from '../statistics.service.js';

/** The period and the lane of statistics. */
export class HistoryQuery extends LaneQuery {
  @ApiPropertyOptional({
    description:
      '`hour`: the last 60 minutes, one by one. `day`: the last 24 hours, ten minutes at a time. ' +
      '`week`: the last 7 days, by hour. `month`: the last 30 days, four hours at a time.',
    enum: RANGES,
    enumName: 'HistoryRange',
    default: 'hour',
    example: 'hour',
  })
  @IsIn(RANGES, { message: `must be one of ${RANGES.join(', ')}` })
  readonly range: Range = 'hour';
}
