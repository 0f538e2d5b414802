import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { PageSize } from '../../platform/http/page-size.validator.js';
import { DELIVERY_STATES, type DeliveryState } from '../../domain/webhook-delivery.js';

const MAX_PAGE_SIZE = 1000;

/** The parameters for sending a delivery again. */
export class ResendQuery {
  @ApiPropertyOptional({
    description:
      'Only deliveries of this ingestion. Without the scope `admin` it must be one of the client’s own.',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  })
  @IsOptional()
  @IsString()
  readonly ingestion_id?: string;
}

/** The filter and page of deliveries. */
export class DeliveryQuery extends ResendQuery {
  @ApiPropertyOptional({
    description: 'Only deliveries in this state.',
    enum: DELIVERY_STATES,
    enumName: 'DeliveryState',
    example: 'failed',
  })
  @IsOptional()
  @IsIn(DELIVERY_STATES, { message: `must be one of ${DELIVERY_STATES.join(', ')}` })
  readonly state?: DeliveryState;

  @PageSize('The maximum number of items.', { max: MAX_PAGE_SIZE, initial: 100 })
  readonly limit: number = 100;

  @ApiPropertyOptional({ description: 'The `next` of the previous page.', example: '4711' })
  @IsOptional()
  @Matches(/^[1-9]\d{0,14}$/, { message: 'is not the `next` of a page' })
  readonly after?: string;
}
