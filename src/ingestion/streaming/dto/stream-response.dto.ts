import { ApiProperty } from '@nestjs/swagger';
import { IngestResponse } from '../../dto/ingest-response.dto.js';

/** The response to an accepted streamed ingestion. At this point the ingestion is durable. */
export class StreamResponse extends IngestResponse {
  @ApiProperty({ description: 'The number of ids in the list.', type: 'integer', example: 1_000_000 })
  readonly total!: number;
}
