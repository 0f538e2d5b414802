import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';

/** The query parameters of `POST /ingest`. */
export class IngestQuery {
  @ApiPropertyOptional({
    description:
      'With `true` the list is only validated, and the response has the estimate for it. Nothing is ' +
      'queued, and the `Idempotency-Key` is not used.',
    enum: ['true', 'false'],
    enumName: 'DryRun',
    default: 'false',
    example: 'false',
  })
  @IsIn(['true', 'false'], { message: 'must be true or false' })
  readonly dry_run: 'true' | 'false' = 'false';
}
