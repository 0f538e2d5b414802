import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsOptional,
  Validate,
  ValidateIf,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';
import type { GivenTime } from '../../domain/given-time.js';
import { isRfc3339 } from '../../platform/http/is-rfc3339.validator.js';

/** Describes the time before which a list is not in the queue. */
export const NOT_BEFORE =
  'The list is not in the queue before this time: a time of RFC 3339, or a number of seconds from now. A time in ' +
  'the past has no effect.';

/** Describes the time at which a list expires. */
export const EXPIRES_AT =
  'Ids that were not sent by this time are cancelled, with the `cancel_reason` `expired`: a time of RFC 3339, or a number of ' +
  'seconds from now.';

/** Ten years. */
const MAX_SECONDS = 315_360_000;
const SECONDS = /^\d{1,9}(\.\d{1,3})?$/;
const RULE = `must be a time as 2026-11-24T10:00:00Z, or a number of seconds from 0 to ${String(MAX_SECONDS)}`;

/** Accepts a text or a number. */
@ValidatorConstraint({ name: 'timeIsTextOrNumber' })
export class TimeIsTextOrNumber implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' || typeof value === 'number';
  }

  defaultMessage(): string {
    return 'must be a string or a number';
  }
}

/** Accepts a time of RFC 3339, or a number of seconds; a value of another type is not its concern. */
@ValidatorConstraint({ name: 'timeIsValid' })
export class TimeIsValid implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    if (typeof value === 'number') {
      return value >= 0 && value <= MAX_SECONDS;
    }
    return typeof value !== 'string' || isRfc3339(value);
  }

  defaultMessage(): string {
    return RULE;
  }
}

/** Accepts a time of RFC 3339, or a number of seconds, as text. */
@ValidatorConstraint({ name: 'timeParameterIsValid' })
export class TimeParameterIsValid implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return (
      typeof value === 'string' && (isRfc3339(value) || (SECONDS.test(value) && Number(value) <= MAX_SECONDS))
    );
  }

  defaultMessage(): string {
    return RULE;
  }
}

const ALTERNATIVES = {
  oneOf: [
    { type: 'string', format: 'date-time' },
    { type: 'number', minimum: 0, maximum: MAX_SECONDS },
  ],
  example: 3600,
};

/** Declares an optional field of a body that is a time. */
export function OptionalGivenTime(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ description, ...ALTERNATIVES }),
    ValidateIf((_, value) => value !== undefined),
    Validate(TimeIsTextOrNumber),
    Validate(TimeIsValid),
  );
}

/** Declares an optional query parameter that is a time. */
export function GivenTimeParameter(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ description, type: 'string', example: '2036-11-24T10:00:00Z' }),
    IsOptional(),
    Validate(TimeParameterIsValid),
  );
}

/** Converts a valid time. */
export function toGivenTime(value: string | number | undefined): GivenTime | undefined {
  if (value === undefined) {
    return undefined;
  }
  return typeof value === 'string' && isRfc3339(value)
    ? { atMs: Date.parse(value) }
    : { inMs: Math.round(Number(value) * 1000) };
}
