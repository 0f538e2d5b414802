import { ApiProperty } from '@nestjs/swagger';
import { PRIORITIES, type Priority } from '../../../domain/priority.js';

/** The body of a request that changes an ingestion. */
export class PriorityRequest {
  @ApiProperty({
    description: 'The new priority of the pending ids.',
    enum: PRIORITIES,
    enumName: 'Priority',
    example: 'HIGH',
  })
  readonly priority!: Priority;
}
