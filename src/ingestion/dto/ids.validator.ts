import { ValidatorConstraint, type ValidatorConstraintInterface } from 'class-validator';
import type { FieldError } from '../../domain/domain-error.js';
import { ID_RULE, MAX_ID, type Id } from '../../domain/packed-ids.js';

const MAX_LISTED_VIOLATIONS = 20;

export function isInteger(value: unknown): value is Id {
  return typeof value === 'bigint' || Number.isInteger(value);
}

function isInRange(id: Id): boolean {
  return typeof id === 'number' ? id >= 1 : id >= 1n && id <= MAX_ID;
}

/** Tells whether this is a list of one or more ids of the contract. */
export function areValidIds(ids: unknown): boolean {
  return Array.isArray(ids) && ids.length > 0 && ids.every((id: unknown) => isInteger(id) && isInRange(id));
}

/**
 * Requires every element to be an integer. One constraint loops over all elements: a decorator per element costs a
 * hundred times more.
 */
@ValidatorConstraint({ name: 'idsAreIntegers' })
export class IdsAreIntegers implements ValidatorConstraintInterface {
  validate(ids: unknown): boolean {
    return !Array.isArray(ids) || ids.every(isInteger);
  }
}

/** Requires every element that is an integer to be within the contract's range. */
@ValidatorConstraint({ name: 'idsAreInRange' })
export class IdsAreInRange implements ValidatorConstraintInterface {
  validate(ids: unknown): boolean {
    return !Array.isArray(ids) || ids.every((id) => !isInteger(id) || isInRange(id));
  }
}

export type IdViolation = 'shape' | 'range';

/** Lists the first elements that break {@link ID_RULE} in the given way. */
export function listIdViolations(ids: readonly unknown[], badness: IdViolation): FieldError[] {
  const errors: FieldError[] = [];
  for (let i = 0; i < ids.length && errors.length < MAX_LISTED_VIOLATIONS; i++) {
    const id = ids[i];
    if (badness === 'shape' ? !isInteger(id) : isInteger(id) && !isInRange(id)) {
      errors.push({ field: `ids[${String(i)}]`, message: ID_RULE });
    }
  }
  return errors;
}
