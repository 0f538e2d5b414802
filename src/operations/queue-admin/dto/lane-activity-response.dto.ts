import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { ATTEMPT_ERROR_KINDS, type AttemptErrorKind } from '../../../domain/dispatch.js';
import { MAX_DISPATCHES_COUNTED, type LaneActivity } from '../queue.service.js';

/** A failed attempt of an id in a lane. */
export class LaneErrorResponse {
  @ApiProperty({
    description: 'The time of the attempt.',
    format: 'date-time',
    example: '2026-11-24T10:00:00.000Z',
  })
  readonly at!: string;

  @ApiProperty({
    description: 'The reason why the attempt failed.',
    enum: ATTEMPT_ERROR_KINDS,
    enumName: 'AttemptErrorKind',
    example: 'timeout',
  })
  readonly kind!: AttemptErrorKind;

  @ApiProperty({ description: 'The error in words.', example: 'no answer within 30 s' })
  readonly message!: string;
}

/** The recent activity of a lane. */
export class LaneActivityResponse {
  @ApiProperty({
    description:
      'Dispatches that started in the last minute, of all replicas; more than the maximum are not counted.',
    type: 'integer',
    minimum: 0,
    maximum: MAX_DISPATCHES_COUNTED,
    example: 12,
  })
  readonly dispatches_last_minute!: number;

  @ApiProperty({
    description: 'The age of the oldest ingestion that has ids never sent; null if there is none.',
    type: 'number',
    minimum: 0,
    nullable: true,
    example: 42.5,
  })
  readonly oldest_pending_seconds!: number | null;

  @ApiProperty({
    description:
      'An error of the newest dispatch that had one, of any replica; or the last error of the replica that responds, which may count as no attempt. Null if none of the newest 1,000 dispatches had one.',
    type: () => LaneErrorResponse,
    nullable: true,
  })
  readonly last_error!: LaneErrorResponse | null;
}

/** The recent activity of each lane. */
@ApiExtraModels(LaneActivityResponse)
export class LaneActivitiesResponse {
  @ApiProperty({
    description: 'The activity of each lane by name, including `default`.',
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(LaneActivityResponse) },
    example: {},
  })
  readonly lanes!: Readonly<Record<string, LaneActivityResponse>>;
}

/** Maps the recent activity of all lanes to a response. */
export function toLaneActivitiesResponse(
  activities: ReadonlyMap<string, LaneActivity>,
): LaneActivitiesResponse {
  return { lanes: Object.fromEntries([...activities].map(([lane, its]) => [lane, toLaneActivity(its)])) };
}

function toLaneActivity({
  dispatchesLastMinute,
  oldestPendingMs,
  lastError,
}: LaneActivity): LaneActivityResponse {
  return {
    dispatches_last_minute: dispatchesLastMinute,
    oldest_pending_seconds: oldestPendingMs === null ? null : Math.round(oldestPendingMs) / 1000,
    last_error:
      lastError === null
        ? null
        : {
            at: new Date(lastError.atMs).toISOString(),
            kind: lastError.kind,
            message: lastError.message,
          },
  };
}
