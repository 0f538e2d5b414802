import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { HeldByResponse } from '../../../platform/openapi/held-by-response.dto.js';
import { LANE_STATES, type LaneState } from '../lane-state.js';

const IDS = { type: 'integer', minimum: 0 } as const;

/** Ids that were never sent, by priority. */
export class WaitingResponse {
  @ApiProperty({ ...IDS, description: 'Ids of priority HIGH.', example: 3 })
  readonly high!: number;

  @ApiProperty({ ...IDS, description: 'Ids of priority MEDIUM.', example: 12 })
  readonly medium!: number;

  @ApiProperty({ ...IDS, description: 'Ids of priority LOW.', example: 1000 })
  readonly low!: number;

  @ApiProperty({ ...IDS, description: 'Ids of all priorities.', example: 1015 })
  readonly total!: number;
}

/** The pace at which ids may be sent. */
export class PaceResponse {
  @ApiProperty({
    description: 'The maximum number of ids in a dispatch.',
    type: 'integer',
    minimum: 1,
    example: 3,
  })
  readonly batch_size!: number;

  @ApiProperty({
    description: 'The time between two dispatches; 0: no delay.',
    type: 'number',
    minimum: 0,
    example: 5,
  })
  readonly batch_delay_seconds!: number;

  @ApiProperty({
    description: 'The `LIMITS` of the lane in words; empty if it has none.',
    type: [String],
    example: [],
  })
  readonly limits!: readonly string[];

  @ApiProperty({
    description:
      'The percentage of the slots of the last minute (at most 100 slots) that all replicas used; null without a ' +
      'rate limit.',
    type: 'number',
    minimum: 0,
    maximum: 100,
    nullable: true,
    example: 100,
  })
  readonly used_percent!: number | null;
}

/** The settings that order ids, in addition to their priorities. */
export class OrderResponse {
  @ApiProperty({
    description:
      'True if the clients of a priority take turns (`FAIR_SHARE`); otherwise its ids are sent in the order ' +
      'of acceptance.',
    example: false,
  })
  readonly fair_share!: boolean;

  @ApiProperty({
    description:
      'An ingestion gets the next higher priority after each such pending time (`PRIORITY_AGING`); null if ' +
      'priorities do not change.',
    type: 'number',
    nullable: true,
    example: null,
  })
  readonly priority_aging_seconds!: number | null;
}

/** The state of the circuit breaker. */
export class BreakerResponse {
  @ApiProperty({
    description:
      '`open`: several dispatches failed in a row, nothing is sent; `probing`: one dispatch checks whether ' +
      'the upstream works again.',
    enum: ['closed', 'open', 'probing'],
    example: 'closed',
  })
  readonly state!: 'closed' | 'open' | 'probing';

  @ApiProperty({
    description: 'The time since when it is not closed.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  readonly opened_at!: string | null;

  @ApiProperty({
    description: 'The time until a probe; null while closed or probing.',
    type: 'number',
    minimum: 0,
    nullable: true,
    example: null,
  })
  readonly probe_in_seconds!: number | null;
}

/** The state of a lane's queue over all replicas. */
export class QueueResponse {
  @ApiProperty({
    description:
      'The reason why the lane dispatches or does not; the first that applies. `paused`: by an operator. ' +
      '`held`: the upstream asked to wait (Retry-After, a limit that is used up, or a 429). `breaker_open`: the upstream fails. ' +
      '`breaker_probing`: one dispatch checks the upstream. `limited`: one of `LIMITS` is used up. `at_capacity`: `MAX_IN_FLIGHT` upstream requests ' +
      'are in flight. `idle`: no id is pending. `waiting_for_retry`: all pending ids are retries that are ' +
      'not due yet. `open`: ids may be sent. The breaker and the capacity are those of the replica that ' +
      'responds.',
    enum: LANE_STATES,
    example: 'open',
  })
  readonly state!: LaneState['name'];

  @ApiProperty({
    description:
      'The time since when the state is `paused`, `breaker_open` or `breaker_probing`; otherwise null.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  readonly state_since!: string | null;

  @ApiProperty({
    description: 'The remaining time of `held`, `limited` or `breaker_open`; otherwise null.',
    type: 'number',
    minimum: 0,
    nullable: true,
    example: null,
  })
  readonly state_ends_in_seconds!: number | null;

  @ApiProperty({
    description: 'The cause for which nothing is sent now; null if the next dispatch may go.',
    type: () => HeldByResponse,
    nullable: true,
  })
  readonly held_by!: HeldByResponse | null;

  @ApiProperty({
    description:
      'The time since when a dispatch has been due, if ids may be sent, no reason above blocks them, and no ' +
      'replica has sent a dispatch for several delays; as seen by the replica that responds. Null while the ' +
      'lane is well.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  readonly unwell_since!: string | null;

  @ApiProperty({
    description: 'True while nothing is dispatched; ingestions are still accepted.',
    example: false,
  })
  readonly paused!: boolean;

  @ApiProperty({
    description: 'The time of the pause; null while the lane is not paused.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  readonly paused_at!: string | null;

  @ApiProperty({ description: 'Ids that were never sent.', type: () => WaitingResponse })
  readonly waiting!: WaitingResponse;

  @ApiProperty({
    ...IDS,
    description: 'Ids of lists that are scheduled for later (`not_before`); they are not among `waiting`.',
    example: 0,
  })
  readonly scheduled!: number;

  @ApiProperty({
    ...IDS,
    maximum: 100_000,
    description: 'Ids that are pending for a retry; more than 100,000 are not counted.',
    example: 2,
  })
  readonly retries_waiting!: number;

  @ApiProperty({
    ...IDS,
    maximum: 100_000,
    description: 'Pending retries that are due now; more than 100,000 are not counted.',
    example: 1,
  })
  readonly retries_due!: number;

  @ApiProperty({ ...IDS, description: 'Ids in flight.', example: 3 })
  readonly in_flight!: number;

  @ApiProperty({ description: 'The pace of dispatches.', type: () => PaceResponse })
  readonly pace!: PaceResponse;

  @ApiProperty({
    description: 'The settings that order ids, in addition to their priorities.',
    type: () => OrderResponse,
  })
  readonly order!: OrderResponse;

  @ApiProperty({
    description:
      'The remaining time for which the upstream holds the lane, by Retry-After, its limits or a 429.',
    type: 'number',
    minimum: 0,
    example: 0,
  })
  readonly held_for_seconds!: number;

  @ApiProperty({
    description: 'The circuit breaker of the replica that responds; each replica has its own.',
    type: () => BreakerResponse,
  })
  readonly breaker!: BreakerResponse;

  @ApiProperty({
    description: 'The time until the next dispatch may start; null while paused.',
    type: 'number',
    minimum: 0,
    nullable: true,
    example: 2.5,
  })
  readonly next_slot_in_seconds!: number | null;

  @ApiProperty({
    description:
      'The time until all ids pending now are sent, if nothing more is submitted and none fails. Null while ' +
      'nobody knows: while paused, while the breaker is not closed, and where no limit says anything about the pace.',
    type: 'number',
    minimum: 0,
    nullable: true,
    example: 1692.5,
  })
  readonly empty_in_seconds!: number | null;
}

/** The state of the default lane, and the state of each lane. */
@ApiExtraModels(QueueResponse)
export class QueuesResponse extends QueueResponse {
  @ApiProperty({
    description:
      'The state of each lane by name, including `default`. The fields next to it are those of the default ' +
      'lane.',
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(QueueResponse) },
    example: {},
  })
  readonly lanes!: Readonly<Record<string, QueueResponse>>;
}
