import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { LabelParameter } from '../../../ingestion/dto/labels.validator.js';
import { IsRfc3339 } from '../../../platform/http/is-rfc3339.validator.js';
import { ATTEMPT_ERROR_KINDS, type AttemptErrorKind } from '../../../domain/dispatch.js';

export const MAX_PAGE_SIZE = 1000;
const MAX_POSITION = 2 ** 31 - 1;
const POSITION_RULE = { message: `must be an integer from 0 to ${String(MAX_POSITION)}` };

const STATUS_RULE = { message: 'must be an integer from 100 to 599' };

/** The filter of a redrive. */
export class RedriveFilterQuery {
  @ApiPropertyOptional({
    description: 'Only items of this ingestion.',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  })
  @IsOptional()
  @IsString()
  readonly ingestion_id?: string;

  @ApiPropertyOptional({
    description: 'Only dead letters whose last error is of this kind.',
    enum: ATTEMPT_ERROR_KINDS,
    enumName: 'AttemptErrorKind', // without a name, a parameter with an example loses its values
    example: 'timeout',
  })
  @IsOptional()
  @IsIn(ATTEMPT_ERROR_KINDS, { message: `must be one of ${ATTEMPT_ERROR_KINDS.join(', ')}` })
  readonly kind?: AttemptErrorKind;
}

/** The filter for dead letters. */
export class DeadLetterFilterQuery extends RedriveFilterQuery {
  @ApiPropertyOptional({ description: 'Only dead letters of this lane.', example: 'default' })
  @IsOptional()
  @IsString()
  readonly lane?: string;

  @ApiPropertyOptional({
    description: 'Only dead letters whose last error has exactly this message.',
    example: 'the upstream answered 503',
  })
  @IsOptional()
  @IsString()
  readonly message?: string;

  @ApiPropertyOptional({
    description: 'Only dead letters whose last response had this HTTP status.',
    type: 'integer',
    minimum: 100,
    maximum: 599,
    example: 503,
  })
  @IsOptional()
  @IsInt(STATUS_RULE)
  @Min(100, STATUS_RULE)
  @Max(599, STATUS_RULE)
  readonly upstream_status?: number;

  @LabelParameter(
    'Only dead letters of ingestions with this label, `name=value`. Repeat it for those that have all of the labels.',
  )
  readonly label?: readonly string[];

  @ApiPropertyOptional({ description: 'Only dead letters of this client.', example: 'billing' })
  @IsOptional()
  @IsString()
  readonly client?: string;

  @ApiPropertyOptional({
    description: 'Only ids that failed at this time or later.',
    format: 'date-time',
    example: '2026-11-24T00:00:00Z',
  })
  @IsOptional()
  @IsRfc3339()
  readonly failed_from?: string;

  @ApiPropertyOptional({
    description: 'Only ids that failed before this time.',
    format: 'date-time',
    example: '2036-11-25T00:00:00Z',
  })
  @IsOptional()
  @IsRfc3339()
  readonly failed_before?: string;
}

/** The selection of dead letters to send again. */
export class RedriveQuery extends RedriveFilterQuery {
  @ApiPropertyOptional({
    description:
      '`true` sends every dead letter of every ingestion again; cannot be combined with another parameter.',
    enum: ['true'],
  })
  @IsOptional()
  @IsIn(['true'], { message: 'must be true' })
  readonly all?: 'true';

  @ApiPropertyOptional({
    description: 'Only the id at this position of `ingestion_id`, which is then required.',
    type: 'integer',
    minimum: 0,
    maximum: MAX_POSITION,
    example: 2,
  })
  @IsOptional()
  @IsInt(POSITION_RULE)
  @Min(0, POSITION_RULE)
  @Max(MAX_POSITION, POSITION_RULE)
  readonly position?: number;
}

/** The parameters of a page of dead letters. */
export class DeadLetterPageQuery extends DeadLetterFilterQuery {
  @ApiPropertyOptional({
    description: 'The maximum number of items.',
    type: 'integer',
    minimum: 1,
    maximum: MAX_PAGE_SIZE,
    default: 100,
    example: 100,
  })
  @IsInt({ message: `must be an integer from 1 to ${String(MAX_PAGE_SIZE)}` })
  @Min(1, { message: `must be an integer from 1 to ${String(MAX_PAGE_SIZE)}` })
  @Max(MAX_PAGE_SIZE, { message: `must be an integer from 1 to ${String(MAX_PAGE_SIZE)}` })
  readonly limit: number = 100;

  @ApiPropertyOptional({ description: 'The `next` of the previous page.', example: '1795514400000-4711' })
  @IsOptional()
  @Matches(/^\d{1,15}-[1-9]\d{0,14}$/, { message: 'is not the `next` of a page' })
  readonly after?: string;
}
