import { isISO8601, ValidateBy } from 'class-validator';

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** Returns true if the text is a point in time of RFC 3339; the seconds are optional. */
export function isRfc3339(text: string): boolean {
  return RFC3339.test(text) && isISO8601(text, { strict: true }) && !Number.isNaN(Date.parse(text));
}

/** Checks that a parameter is a point in time of RFC 3339; the seconds are optional. */
export function IsRfc3339(): PropertyDecorator {
  return ValidateBy({
    name: 'isMoment',
    validator: {
      validate: (value) => typeof value === 'string' && isRfc3339(value),
      defaultMessage: () => 'must be a time as 2026-11-24T10:00:00Z',
    },
  });
}
