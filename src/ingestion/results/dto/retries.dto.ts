import { ApiProperty } from '@nestjs/swagger';
import { idsToJson } from '../../../domain/ids-to-json.js';
import { ID_SCHEMA } from '../../../platform/openapi/id.schema.js';
import { PageSize } from '../../../platform/http/page-size.validator.js';
import type { IdRetry, RetryList } from '../retries.service.js';
import { FailureView } from './failure.dto.js';

/** The query of `GET /ingestions/{ingestion_id}/retries`. */
export class RetriesQuery {
  @PageSize('The maximum number of ids.', { max: 1000, initial: 100 })
  readonly limit: number = 100;
}

/** An id that will be sent again. */
export class RetryView {
  @ApiProperty({ description: 'The id, exact to the last digit.', ...ID_SCHEMA, type: 'integer', example: 1 })
  readonly id!: unknown;

  @ApiProperty({ description: 'Its position in the list, from 0.', type: 'integer', minimum: 0, example: 0 })
  readonly position!: number;

  @ApiProperty({
    description: 'The number of its next attempt, from 1; a redrive starts again at 1.',
    type: 'integer',
    minimum: 1,
    example: 2,
  })
  readonly next_attempt!: number;

  @ApiProperty({
    description: 'The time from which on it may be sent, rounded to seconds.',
    format: 'date-time',
    example: '2026-11-24T10:00:10.000Z',
  })
  readonly next_attempt_at!: string;

  @ApiProperty({
    description: 'The error of its last failed attempt, also of one before a redrive; null if none failed.',
    type: () => FailureView,
    nullable: true,
  })
  readonly last_error!: FailureView | null;

  @ApiProperty({
    description: 'The time when its last failed attempt ended; null if none failed.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: '2026-11-24T10:00:00.000Z',
  })
  readonly last_failed_at!: string | null;
}

/** Ids of an ingestion that will be sent again. */
export class RetryListView {
  @ApiProperty({ description: 'The soonest first.', type: () => [RetryView] })
  readonly retries!: readonly RetryView[];

  @ApiProperty({
    description: 'The attempts after which an id of the lane fails (`MAX_ATTEMPTS`).',
    type: 'integer',
    minimum: 1,
    example: 3,
  })
  readonly max_attempts!: number;
}

/** Maps pending retries to a response. */
export function toRetryList({ retries, maxAttempts }: RetryList): RetryListView {
  return { retries: retries.map(toRetry), max_attempts: maxAttempts };
}

function toRetry({ packedId, position, failures, dueAtMs, kind, message, failedAtMs }: IdRetry): RetryView {
  return {
    id: idsToJson(packedId)[0],
    position,
    next_attempt: failures + 1,
    next_attempt_at: new Date(Math.ceil(dueAtMs / 1000) * 1000).toISOString(),
    last_error: kind === null || message === null ? null : { kind, message },
    last_failed_at: failedAtMs === null ? null : new Date(failedAtMs).toISOString(),
  };
}
