import { isISO8601, ValidateBy } from 'class-validator';

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** A parameter that holds a point in time, as RFC 3339 writes it; seconds may be left out. */
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
