import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Length } from 'class-validator';
import { PRIORITIES, type Priority } from '../../../domain/priority.js';
import { OptionalLane } from '../../dto/lane.validator.js';

/** The query parameters of `POST /ingest/stream`. */
export class StreamQuery {
  @ApiProperty({
    description: 'Higher priorities go out first, strictly; within a priority, the order of acceptance.',
    enum: PRIORITIES,
    enumName: 'Priority',
    example: 'LOW',
  })
  @IsIn(PRIORITIES, { message: `must be one of ${PRIORITIES.join(', ')}` })
  readonly priority!: Priority;

  @ApiPropertyOptional({
    description:
      'Of `text/csv` alone: the column that holds the ids, by its name in the header or by its number from 1. The first one where nothing is said.',
    minLength: 1,
    maxLength: 100,
    example: 'customer_id',
  })
  @IsOptional()
  @Length(1, 100, { message: 'must be 1 to 100 characters' })
  readonly column?: string;

  @OptionalLane('The lane that the list goes through; `default` without it.')
  readonly lane?: string;
}
