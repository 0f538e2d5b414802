import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';

/** The query parameters of `POST /ingest`. */
export class IngestQuery {
  @ApiPropertyOptional({
    description:
      '`true`: the list is checked, and the answer says what it would have to expect. Nothing is queued, and no ' +
      '`Idempotency-Key` is taken.',
    enum: ['true', 'false'],
    enumName: 'DryRun',
    default: 'false',
    example: 'false',
  })
  @IsIn(['true', 'false'], { message: 'must be true or false' })
  readonly dry_run: 'true' | 'false' = 'false';
}
