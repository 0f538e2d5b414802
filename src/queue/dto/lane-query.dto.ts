import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Length } from 'class-validator';

/** Which lane is meant. */
export class LaneQuery {
  @ApiPropertyOptional({
    description: 'Only this lane; all of them without it.',
    minLength: 1,
    maxLength: 63,
    example: 'default',
  })
  @IsOptional()
  @Length(1, 63, { message: 'must be 1 to 63 characters' })
  readonly lane?: string;
}
