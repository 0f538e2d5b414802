import { ApiProperty } from '@nestjs/swagger';
import { IngestResponse } from '../../dto/ingest-response.dto.js';

/** The answer to a streamed list: from here on it is safe. */
export class StreamResponse extends IngestResponse {
  @ApiProperty({ description: 'How many ids the list holds.', type: 'integer', example: 1_000_000 })
  readonly total!: number;
}
