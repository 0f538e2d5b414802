import { ApiProperty, PickType } from '@nestjs/swagger';
import { StatusResponse } from '../../status/dto/status-response.dto.js';

/** An ingestion as an item of a listing. */
export class IngestionSummary extends PickType(StatusResponse, [
  'ingestion_id',
  'status',
  'priority',
  'units',
  'created_at',
  'last_updated_at',
  'progress',
  'labels',
  'not_before',
  'expires_at',
  'cancel_reason',
] as const) {
  @ApiProperty({ description: 'The lane of the ingestion.', example: 'default' })
  readonly lane!: string;

  @ApiProperty({
    description: 'The name of the client that submitted it; null if authentication was disabled then.',
    type: 'string',
    nullable: true,
    example: 'billing',
  })
  readonly client!: string | null;
}

/** A page of ingestions. */
export class IngestionList {
  @ApiProperty({
    description: 'The newest first. With a filter a page may be short or empty although more follow.',
    type: () => [IngestionSummary],
  })
  readonly ingestions!: readonly IngestionSummary[];

  @ApiProperty({
    description: 'The value of `after` for the next page; null on the last page.',
    type: 'string',
    nullable: true,
    example: '1795514400000-4711',
  })
  readonly next!: string | null;
}
