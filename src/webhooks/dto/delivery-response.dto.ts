import { ApiProperty } from '@nestjs/swagger';
import { DELIVERY_STATES, type DeliveryState } from '../../domain/webhook-delivery.js';

/** The last attempt of a delivery. */
export class LastAttemptView {
  @ApiProperty({
    description: 'The time when the attempt ended.',
    format: 'date-time',
    example: '2026-11-24T10:00:05.000Z',
  })
  readonly at!: string;

  @ApiProperty({
    description: "The status of the receiver's response; null if there was none.",
    type: 'integer',
    nullable: true,
    example: 503,
  })
  readonly http_status!: number | null;

  @ApiProperty({
    description: 'The error; null if the attempt succeeded.',
    type: 'string',
    nullable: true,
    example: 'the receiver answered 503',
  })
  readonly error!: string | null;
}

/** A message about the end of an ingestion to one receiver. */
export class DeliveryView {
  @ApiProperty({
    description: 'The `webhook-id` of every attempt.',
    format: 'uuid',
    example: '5f0c8a52-3a44-4c1f-a6b1-0a3f6f3b9c11',
  })
  readonly delivery_id!: string;

  @ApiProperty({
    description: 'The ingestion that ended.',
    format: 'uuid',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  })
  readonly ingestion_id!: string;

  @ApiProperty({
    description: 'The event of the message.',
    enum: ['ingestion.completed', 'ingestion.failed', 'ingestion.cancelled'],
    enumName: 'WebhookType',
    example: 'ingestion.completed',
  })
  readonly type!: string;

  @ApiProperty({
    description: 'The URL of the receiver without its query.',
    example: 'https://example.com/hooks/sluice',
  })
  readonly url!: string;

  @ApiProperty({
    description: '`pending`: not sent yet, or due for a retry. `failed`: abandoned.',
    enum: DELIVERY_STATES,
    enumName: 'DeliveryState',
    example: 'pending',
  })
  readonly state!: DeliveryState;

  @ApiProperty({
    description: 'Attempts since the delivery was created or resent.',
    type: 'integer',
    minimum: 0,
    example: 1,
  })
  readonly attempts!: number;

  @ApiProperty({
    description: 'The time when the ingestion ended.',
    format: 'date-time',
    example: '2026-11-24T10:00:00.000Z',
  })
  readonly ended_at!: string;

  @ApiProperty({
    description: 'The earliest time of the next attempt; null if there is none.',
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: '2026-11-24T10:00:10.000Z',
  })
  readonly next_attempt_at!: string | null;

  @ApiProperty({
    description: 'The last attempt; null before the first one has ended.',
    type: () => LastAttemptView,
    nullable: true,
  })
  readonly last_attempt!: LastAttemptView | null;
}

/** A page of deliveries, the newest first. */
export class DeliveryPage {
  @ApiProperty({ description: 'The newest first.', type: () => [DeliveryView] })
  readonly deliveries!: readonly DeliveryView[];

  @ApiProperty({
    description: 'The value of `after` for the next page; null on the last page.',
    type: 'string',
    nullable: true,
    example: '4711',
  })
  readonly next!: string | null;
}
