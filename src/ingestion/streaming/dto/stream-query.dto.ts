import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Length, Max, Min } from 'class-validator';
import { MAX_UNITS } from '../../../domain/limits/limit.js';
import { PRIORITIES, type Priority } from '../../../domain/priority.js';
import { EXPIRES_AT, GivenTimeParameter, NOT_BEFORE } from '../../dto/given-time.validator.js';
import { LabelParameter } from '../../dto/labels.validator.js';
import { OptionalLane } from '../../dto/lane.validator.js';

const UNITS_RULE = `must be an integer from 1 to ${String(MAX_UNITS)}`;

/** The query parameters of `POST /ingest/stream`. */
export class StreamQuery {
  @ApiProperty({
    description:
      'Ids of a higher priority are always sent first; within a priority, ids are sent in the order of ' +
      'acceptance.',
    enum: PRIORITIES,
    enumName: 'Priority',
    example: 'LOW',
  })
  @IsIn(PRIORITIES, { message: `must be one of ${PRIORITIES.join(', ')}` })
  readonly priority!: Priority;

  @ApiPropertyOptional({
    description:
      'Only for `text/csv`: the column with the ids, by its name in the header or by its number from 1. ' +
      'The default is the first column.',
    minLength: 1,
    maxLength: 100,
    example: 'customer_id',
  })
  @IsOptional()
  @Length(1, 100, { message: 'must be 1 to 100 characters' })
  readonly column?: string;

  @OptionalLane('The lane of the list. The default is `default`.')
  readonly lane?: string;

  @LabelParameter('A label of the list, `name=value`. Repeat it for each label, at most 8.')
  readonly label?: readonly string[];

  @ApiPropertyOptional({
    description:
      'The cost of one id of the list, for limits of the lane that count units, as `units` of `POST /ingest`.',
    type: 'integer',
    minimum: 1,
    maximum: MAX_UNITS,
    default: 1,
    example: 1,
  })
  @IsOptional()
  @IsInt({ message: UNITS_RULE })
  @Min(1, { message: UNITS_RULE })
  @Max(MAX_UNITS, { message: UNITS_RULE })
  readonly units?: number;

  @GivenTimeParameter(NOT_BEFORE)
  readonly not_before?: string;

  @GivenTimeParameter(EXPIRES_AT)
  readonly expires_at?: string;
}
