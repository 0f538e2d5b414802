import { ApiProperty } from '@nestjs/swagger';

/** The response to an accepted ingestion. At this point the ingestion is durable. */
export class IngestResponse {
  @ApiProperty({
    description: 'The id of the ingestion in all other requests.',
    format: 'uuid',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  })
  readonly ingestion_id!: string;
}
