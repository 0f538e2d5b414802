import { ApiProperty } from '@nestjs/swagger';
import { ATTEMPT_ERROR_KINDS, type AttemptErrorKind } from '../../../domain/dispatch.js';

/** The reason why an id failed. */
export class FailureView {
  @ApiProperty({
    description: 'The kind of the error, as in a dead letter.',
    enum: ATTEMPT_ERROR_KINDS,
    enumName: 'AttemptErrorKind',
    example: 'rejected',
  })
  readonly kind!: AttemptErrorKind;

  @ApiProperty({ description: 'The error message.', example: 'no such id' })
  readonly message!: string;
}
