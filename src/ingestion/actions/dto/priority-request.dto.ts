import { ApiProperty } from '@nestjs/swagger';
import { PRIORITIES, type Priority } from '../../../domain/priority.js';

/** The body of a request that changes an ingestion. */
export class PriorityRequest {
  @ApiProperty({
    description: 'Where what was not sent yet is to wait.',
    enum: PRIORITIES,
    enumName: 'Priority',
    example: 'HIGH',
  })
  readonly priority!: Priority;
}
