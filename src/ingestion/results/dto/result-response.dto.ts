import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FailureView } from './failure.dto.js';
import { STATUSES, type Status } from '../../../domain/batch-status.js';
import { ANY_JSON } from '../../../platform/openapi/any-json.schema.js';
import { ID_SCHEMA } from '../../../platform/openapi/id.schema.js';

/** The result of one id. */
export class ResultView {
  @ApiProperty({ description: 'The id itself, exact.', ...ID_SCHEMA, type: 'integer', example: 1 })
  readonly id!: unknown;

  @ApiProperty({
    description: 'How far it is.',
    enum: STATUSES,
    enumName: 'Status',
    example: 'completed',
  })
  readonly status!: Status;

  @ApiPropertyOptional({
    description: 'What the upstream answered, its numbers exact. Only where it completed with an answer.',
    ...ANY_JSON,
    example: 'processed',
  })
  readonly data?: unknown;

  @ApiPropertyOptional({ description: 'Only where it failed.', type: () => FailureView })
  readonly error?: FailureView;
}

/** A page of results, in the order of the ids. */
export class ResultPageView {
  @ApiProperty({ description: 'In the order of the ids.', type: () => [ResultView] })
  readonly results!: readonly ResultView[];

  @ApiProperty({
    description: 'Where the next page begins, for `after`; null on the last page.',
    type: 'string',
    nullable: true,
    example: '100',
  })
  readonly next!: string | null;
}
