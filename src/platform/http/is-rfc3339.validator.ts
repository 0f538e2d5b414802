import { isISO8601, ValidateBy } from 'class-validator';

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** Checks that a parameter is a point in time of RFC 3339; the seconds are optional. */
export function IsRfc3339(): PropertyDecorator {
  return ValidateBy({
    name: 'isMoment',
    validator: {
      validate: (value) =>
        typeof value === 'string' &&
        RFC3339.test(value) &&
        isISO8601(value, { strict: true }) &&
        !Number.isNaN(Date.parse(value)),
      defaultMessage: () => 'must be a time as 2026-11-24T10:00:00Z',
    },
  });
}
