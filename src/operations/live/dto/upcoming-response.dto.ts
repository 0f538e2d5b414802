import { ApiProperty } from '@nestjs/swagger';
import { PRIORITIES, type Priority } from '../../../domain/priority.js';
import { ID_SCHEMA } from '../../../platform/openapi/id.schema.js';

/** Ids of one ingestion that are next to each other in the queue. */
export class QueuedRunView {
  @ApiProperty({
    description: 'The ingestion of the ids.',
    format: 'uuid',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  })
  readonly ingestion_id!: string;

  @ApiProperty({ description: 'Its priority.', enum: PRIORITIES, enumName: 'Priority', example: 'HIGH' })
  readonly priority!: Priority;

  @ApiProperty({ description: 'True if the ids were sent before and are due again.', example: false })
  readonly retry!: boolean;

  @ApiProperty({
    description: 'The ids, exact, in the order of dispatch.',
    type: 'array',
    items: ID_SCHEMA,
    example: [6, 7, 8],
  })
  readonly ids!: readonly unknown[];
}

/** The head of the queue. */
export class UpcomingResponse {
  @ApiProperty({
    description: 'In the order of dispatch, if nothing more is submitted and no retry becomes due.',
    type: () => [QueuedRunView],
  })
  readonly next!: readonly QueuedRunView[];
}
