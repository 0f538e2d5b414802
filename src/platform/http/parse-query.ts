import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { Type } from '@nestjs/common';
import type { FieldError } from '../../domain/domain-error.js';
import { HttpProblem } from './problem-details.js';

type Query = Readonly<Record<string, unknown>>;

const LONGEST_ECHO = 100;
/** What a query without parameters is read as, by class: most requests have none. */
const OF_NONE = new WeakMap<Type, object>();

/**
 * Reads the parameters of a query string as the class says, with its decorators.
 * @throws HttpProblem 400 for a parameter that is unknown, repeated or not valid.
 */
export function readQuery<T extends object>(query: Query, type: Type<T>): Readonly<T> {
  if (Object.keys(query).length > 0) {
    return read(query, type);
  }
  const known = OF_NONE.get(type) ?? Object.freeze(read({}, type));
  OF_NONE.set(type, known);
  return known as Readonly<T>;
}

function read<T extends object>(query: Query, type: Type<T>): T {
  const instance = plainToInstance(type, query, {
    enableImplicitConversion: true,
    exposeDefaultValues: true,
  });
  const [first, ...more] = [...repeated(query), ...invalid(instance)];
  if (first !== undefined) {
    throw HttpProblem.ofFields(400, [first, ...more]);
  }
  return instance;
}

function repeated(query: Query): FieldError[] {
  return Object.entries(query)
    .filter(([, value]) => typeof value !== 'string')
    .map(([name]) => ({ field: name.slice(0, LONGEST_ECHO), message: 'must be given once' }));
}

function invalid(instance: object): FieldError[] {
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: true,
  });
  return errors.map(({ property, constraints = {} }) => ({
    field: property.slice(0, LONGEST_ECHO),
    message:
      'whitelistValidation' in constraints
        ? 'is not a known parameter'
        : (Object.values(constraints)[0] ?? 'is not valid'),
  }));
}
