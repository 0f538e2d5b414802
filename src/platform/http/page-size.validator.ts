import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';

/** Declares a query parameter that is the maximum number of items of a page, from 1 to `max`. */
export function PageSize(
  description: string,
  { max, initial }: { readonly max: number; readonly initial: number },
): PropertyDecorator {
  const message = `must be an integer from 1 to ${String(max)}`;
  return applyDecorators(
    ApiPropertyOptional({
      description,
      type: 'integer',
      minimum: 1,
      maximum: max,
      default: initial,
      example: initial,
    }),
    IsInt({ message }),
    Min(1, { message }),
    Max(max, { message }),
  );
}
