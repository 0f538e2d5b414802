import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Length } from 'class-validator';
import { ProblemDetailsError } from '../../platform/http/problem-details.js';
import { DEFAULT_LANE } from '../../domain/lane.js';

/** Declares an optional parameter that names a lane. */
export function OptionalLane(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ description, minLength: 1, maxLength: 63, example: 'default' }),
    IsOptional(),
    Length(1, 63, { message: 'must be 1 to 63 characters' }),
  );
}

/**
 * Returns the requested lane, or the default lane if none was requested.
 * @throws ProblemDetailsError 400 where there is no such lane
 */
export function assertLane(lane: string | undefined, names: readonly string[]): string {
  const wanted = lane ?? DEFAULT_LANE;
  if (!names.includes(wanted)) {
    throw ProblemDetailsError.ofFields(400, [
      { field: 'lane', message: `is not a known lane; the lanes are ${names.join(', ')}` },
    ]);
  }
  return wanted;
}
