import { ApiParam } from '@nestjs/swagger';

/** Describes `ingestion_id` in the path of an operation. */
export function ApiIngestionId(): MethodDecorator & ClassDecorator {
  return ApiParam({
    name: 'ingestion_id',
    description: 'The `ingestion_id` from the response of `/ingest`.',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  });
}
