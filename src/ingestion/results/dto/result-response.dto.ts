import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Labels } from '../../../domain/labels.js';
import { LABELS_SCHEMA } from '../../../platform/openapi/labels.schema.js';
import { FailureView } from './failure.dto.js';
import { STATUSES, type Status } from '../../../domain/batch-status.js';
import { ANY_JSON } from '../../../platform/openapi/any-json.schema.js';
import { ID_SCHEMA } from '../../../platform/openapi/id.schema.js';

/** The result of one id. */
export class ResultView {
  @ApiProperty({ description: 'The id, exact to the last digit.', ...ID_SCHEMA, type: 'integer', example: 1 })
  readonly id!: unknown;

  @ApiProperty({
    description: 'The status of the id.',
    enum: STATUSES,
    enumName: 'Status',
    example: 'completed',
  })
  readonly status!: Status;

  @ApiPropertyOptional({
    description:
      'The data that the upstream returned, with exact numbers. Only if the id completed and has data.',
    ...ANY_JSON,
    example: 'processed',
  })
  readonly data?: unknown;

  @ApiPropertyOptional({ description: 'The error. Only if the id failed.', type: () => FailureView })
  readonly error?: FailureView;
}

/** A page of results, in the order of the ids. */
export class ResultPageView {
  @ApiProperty({ description: 'The results in the order of the ids.', type: () => [ResultView] })
  readonly results!: readonly ResultView[];

  @ApiProperty({
    description: 'The value of `after` for the next page; null on the last page.',
    type: 'string',
    nullable: true,
    example: '100',
  })
  readonly next!: string | null;

  @ApiPropertyOptional({
    description: 'The labels of the ingestion. Only if it has any.',
    ...LABELS_SCHEMA,
  })
  readonly labels?: Labels;
}
