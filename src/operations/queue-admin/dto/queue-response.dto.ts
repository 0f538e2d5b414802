import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { LANE_STATES, type LaneState } from '../lane-state.js';

const IDS = { type: 'integer', minimum: 0 } as const;

/** Ids that were never sent, by priority. */
export class WaitingResponse {
  @ApiProperty({ ...IDS, description: 'Of priority HIGH.', example: 3 })
  readonly high!: number;

  @ApiProperty({ ...IDS, description: 'Of priority MEDIUM.', example: 12 })
  readonly medium!: number;

  @ApiProperty({ ...IDS, description: 'Of priority LOW.', example: 1000 })
  readonly low!: number;

  @ApiProperty({ ...IDS, description: 'Of all three.', example: 1015 })
  readonly total!: number;
}

/** The pace at which ids may be sent. */
export class PaceResponse {
  @ApiProperty({ description: 'Ids in a dispatch.', type: 'integer', minimum: 1, example: 3 })
  readonly batch_size!: number;

  @ApiProperty({
    description: 'Between two dispatches; 0: no limit.',
    type: 'number',
    minimum: 0,
    example: 5,
  })
  readonly batch_delay_seconds!: number;

  @ApiProperty({
    description:
      'Of the slots of the last minute, at most 100, so many were used, by all replicas; null where there is no limit.',
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
      'The clients of a priority take turns (`FAIR_SHARE`); else its ids go in the order of acceptance.',
    example: false,
  })
  readonly fair_share!: boolean;

  @ApiProperty({
    description:
      'A list rises one priority after each such time waited (`PRIORITY_AGING`); null where none does.',
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
      '`open`: dispatches failed one after the other, nothing is sent; `probing`: one dispatch tries whether the upstream is back.',
    enum: ['closed', 'open', 'probing'],
    example: 'closed',
  })
  readonly state!: 'closed' | 'open' | 'probing';

  @ApiProperty({
    description: 'Since when it is not closed.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  readonly opened_at!: string | null;

  @ApiProperty({
    description: 'Until a dispatch may try; null while closed or probing.',
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
      'Why the lane dispatches, or why it does not; the first that applies. `paused`: by an operator. `held`: the upstream ' +
      'asked for it (Retry-After). `breaker_open`: the upstream fails. `breaker_probing`: one dispatch tries it. ' +
      '`at_capacity`: `MAX_IN_FLIGHT` calls run. `idle`: no id waits. `waiting_for_retry`: every id that waits is a ' +
      'retry that is not due yet. `open`: ids may go. The breaker and the capacity are those of the replica that answers.',
    enum: LANE_STATES,
    example: 'open',
  })
  readonly state!: LaneState['name'];

  @ApiProperty({
    description: 'Since when it is `paused`, `breaker_open` or `breaker_probing`; otherwise null.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  readonly state_since!: string | null;

  @ApiProperty({
    description: 'How long `held` or `breaker_open` still lasts; otherwise null.',
    type: 'number',
    minimum: 0,
    nullable: true,
    example: null,
  })
  readonly state_ends_in_seconds!: number | null;

  @ApiProperty({
    description:
      'Ids may go, no reason above keeps them back, and no replica has sent a dispatch for several delays: since when one was ' +
      'due, as the replica that answers found it. Null while the lane is well.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: null,
  })
  readonly unwell_since!: string | null;

  @ApiProperty({ description: 'Nothing is dispatched; lists are accepted.', example: false })
  readonly paused!: boolean;

  @ApiProperty({
    description: 'Since when; null while it is open.',
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
    maximum: 100_000,
    description: 'Ids that wait to be sent again; more than 100,000 are not counted.',
    example: 2,
  })
  readonly retries_waiting!: number;

  @ApiProperty({
    ...IDS,
    maximum: 100_000,
    description: 'Those of them that are due now; more than 100,000 are not counted.',
    example: 1,
  })
  readonly retries_due!: number;

  @ApiProperty({ ...IDS, description: 'Ids whose call runs.', example: 3 })
  readonly in_flight!: number;

  @ApiProperty({ description: 'What may go out.', type: () => PaceResponse })
  readonly pace!: PaceResponse;

  @ApiProperty({
    description: 'In which order ids go, beside their priorities.',
    type: () => OrderResponse,
  })
  readonly order!: OrderResponse;

  @ApiProperty({
    description: 'How long nothing is sent because the upstream asked for it (Retry-After).',
    type: 'number',
    minimum: 0,
    example: 0,
  })
  readonly held_for_seconds!: number;

  @ApiProperty({
    description: 'Of the replica that answers: each has its own.',
    type: () => BreakerResponse,
  })
  readonly breaker!: BreakerResponse;

  @ApiProperty({
    description: 'Until the next dispatch may begin; null while paused.',
    type: 'number',
    minimum: 0,
    nullable: true,
    example: 2.5,
  })
  readonly next_slot_in_seconds!: number | null;

  @ApiProperty({
    description:
      'Until the last id that waits now is sent, if nothing more comes and none fails; null while paused.',
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
      'Of each lane by its name, `default` among them. Beside it stands what is of the default lane.',
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(QueueResponse) },
    example: {},
  })
  readonly lanes!: Readonly<Record<string, QueueResponse>>;
}
