import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { PROBLEM_CODES } from '../http/problem-details.js';

/** An error of one field of a request. */
export class ProblemField {
  @ApiProperty({ description: 'The field, parameter or header.', example: 'ids[2]' })
  readonly field!: string;

  @ApiProperty({
    description: 'The reason why it is not valid.',
    example: 'must be an integer from 1 to 10000000000000000007',
  })
  readonly message!: string;
}

/** The format of every error: RFC 9457, and `detail` and `status_code` of the original system. */
export class Problem {
  @ApiProperty({
    description: 'The error message for people. If fields are not valid, it is about the first one.',
    example: 'ids[2] must be an integer from 1 to 10000000000000000007',
  })
  readonly detail!: string;

  @ApiProperty({ description: 'The HTTP status.', type: 'integer', minimum: 400, maximum: 599, example: 400 })
  readonly status_code!: number;

  @ApiProperty({ description: 'Always `about:blank`: the status is the only type.', example: 'about:blank' })
  readonly type!: string;

  @ApiProperty({ description: 'The name of the HTTP status.', example: 'Bad Request' })
  readonly title!: string;

  @ApiProperty({ description: 'The HTTP status.', type: 'integer', minimum: 400, maximum: 599, example: 400 })
  readonly status!: number;

  @ApiProperty({
    description: 'The cause, for programs.',
    enum: [...PROBLEM_CODES],
    example: 'invalid',
  })
  readonly code!: string;

  @ApiPropertyOptional({
    description: 'The first field, parameter or header that is not valid.',
    example: 'ids[2]',
  })
  readonly param?: string;

  @ApiPropertyOptional({
    description: 'All fields that are not valid.',
    type: () => [ProblemField],
    maxItems: 20,
  })
  readonly errors?: readonly ProblemField[];
}
