import { ID_SCHEMA } from '../../platform/openapi/id.schema.js';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsInt,
  IsString,
  Max,
  Min,
  Validate,
  ValidateIf,
} from 'class-validator';
import { MAX_UNITS } from '../../domain/limits/limit.js';
import type { Id } from '../../domain/packed-ids.js';
import type { Labels } from '../../domain/labels.js';
import { PRIORITIES, type Priority } from '../../domain/priority.js';
import { EXPIRES_AT, NOT_BEFORE, OptionalGivenTime } from './given-time.validator.js';
import { OptionalLabels } from './labels.validator.js';
import { IdsAreInRange, IdsAreIntegers } from './ids.validator.js';

const UNITS_RULE = `must be from 1 to ${String(MAX_UNITS)}`;

/** The body of `POST /ingest`: the ids to send and their priority. */
export class IngestRequest {
  @ApiProperty({
    description:
      'The ids in the order in which they are sent. An id that occurs twice is processed twice. Ids are ' +
      'exact to the last digit.',
    type: 'array',
    items: ID_SCHEMA,
    minItems: 1,
    example: [1, 2, 3, 4, 5],
  })
  @IsArray({ message: 'must be an array of integers' })
  @ArrayNotEmpty({ message: 'must hold at least one id' })
  @Validate(IdsAreIntegers)
  @Validate(IdsAreInRange)
  readonly ids!: readonly Id[];

  @ApiProperty({
    description:
      'Ids of a higher priority are always sent first; within a priority, ids are sent in the order of ' +
      'acceptance.',
    enum: PRIORITIES,
    enumName: 'Priority',
    example: 'HIGH',
  })
  @IsString({ message: 'must be a string' })
  @IsIn(PRIORITIES, { message: `must be one of ${PRIORITIES.join(', ')}` })
  readonly priority!: Priority;

  @ApiPropertyOptional({
    description:
      'The URL that gets a signed `POST` when the list has ended (docs/webhooks.md). It needs ' +
      '`WEBHOOK_MASTER_SECRET` in the service. It must be http or https, without credentials, to a public host ' +
      'or to one in `CALLBACK_ALLOW`.',
    type: 'string',
    format: 'uri',
    maxLength: 2048,
    example: 'https://example.com/hooks/sluice',
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsString({ message: 'must be a string' })
  readonly callback_url?: string;

  @ApiPropertyOptional({
    description: 'The lane of the list, one of those that the service has. The default is `default`.',
    type: 'string',
    maxLength: 63,
    example: 'default',
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsString({ message: 'must be a string' })
  readonly lane?: string;

  @OptionalLabels()
  readonly labels?: Labels;

  @ApiPropertyOptional({
    description:
      'The cost of one id of the list, for limits of the lane that count units (docs/limits.md). The default is 1. No id ' +
      'may cost more than such a limit lets go.',
    type: 'integer',
    minimum: 1,
    maximum: MAX_UNITS,
    example: 1,
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsInt({ message: 'must be an integer' })
  @Min(1, { message: UNITS_RULE })
  @Max(MAX_UNITS, { message: UNITS_RULE })
  readonly units?: number;

  @OptionalGivenTime(NOT_BEFORE)
  readonly not_before?: string | number;

  @OptionalGivenTime(EXPIRES_AT)
  readonly expires_at?: string | number;
}

/** The fields of an {@link IngestRequest}; any other field is an error. */
export const INGEST_FIELDS: readonly string[] = [
  'ids',
  'priority',
  'callback_url',
  'lane',
  'labels',
  'units',
  'not_before',
  'expires_at',
] satisfies (keyof IngestRequest)[];

/** The constraints of an {@link IngestRequest} on shape (422); all others are on values (400). */
export const SHAPE_CONSTRAINTS: ReadonlySet<string> = new Set([
  'isArray',
  'isInt',
  'isString',
  'idsAreIntegers',
  'labelsAreTexts',
  'timeIsTextOrNumber',
]);
