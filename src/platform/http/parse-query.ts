import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { Type } from '@nestjs/common';
import type { FieldError } from '../../domain/domain-error.js';
import { isStorableText, NOT_STORABLE } from '../../domain/storable-text.js';
import { ProblemDetailsError } from './problem-details.js';

type Query = Readonly<Record<string, unknown>>;

const MAX_ECHO_LENGTH = 100;
/**
 * The parsed empty query of each class. Most requests have no parameters, so they skip validation (it took 5
 * % of each acceptance).
 */
const emptyQueryCache = new WeakMap<Type, object>();

/**
 * Parses the parameters of a query string by the decorators of the class.
 * The parameters in `repeatable` may be given several times; their values are an array.
 * @throws ProblemDetailsError 400 if a parameter is unknown, repeated, not valid or text that no store holds.
 */
export function parseQuery<T extends object>(
  query: Query,
  type: Type<T>,
  repeatable: readonly (keyof T & string)[] = [],
): Readonly<T> {
  if (Object.keys(query).length > 0) {
    return parse(query, type, repeatable);
  }
  const known = emptyQueryCache.get(type) ?? Object.freeze(parse({}, type, []));
  emptyQueryCache.set(type, known);
  return known as Readonly<T>;
}

function parse<T extends object>(given: Query, type: Type<T>, repeatable: readonly string[]): T {
  const query = toArrays(given, repeatable);
  const instance = plainToInstance(type, query, {
    enableImplicitConversion: true,
    exposeDefaultValues: true,
  });
  const [first, ...more] = [
    ...repeatedParameterError(query, repeatable),
    ...invalidParametersError(instance),
    ...unstorableParameterError(query),
  ];
  if (first !== undefined) {
    throw ProblemDetailsError.ofFields(400, [first, ...more]);
  }
  return instance;
}

/** Returns the query with an array in place of each value of a parameter that may be repeated. */
function toArrays(query: Query, repeatable: readonly string[]): Query {
  return repeatable.some((name) => typeof query[name] === 'string')
    ? Object.fromEntries(
        Object.entries(query).map(([name, value]) => [
          name,
          repeatable.includes(name) && typeof value === 'string' ? [value] : value,
        ]),
      )
    : query;
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function repeatedParameterError(query: Query, repeatable: readonly string[]): FieldError[] {
  return Object.entries(query)
    .filter(([name, value]) => typeof value !== 'string' && !(repeatable.includes(name) && isTextList(value)))
    .map(([name]) => ({ field: name.slice(0, MAX_ECHO_LENGTH), message: 'must be given once' }));
}

function unstorableParameterError(query: Query): FieldError[] {
  return Object.entries(query)
    .filter(([, value]) => [value].flat().some((text) => typeof text === 'string' && !isStorableText(text)))
    .map(([field]) => ({ field, message: NOT_STORABLE }));
}

function invalidParametersError(instance: object): FieldError[] {
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: true,
  });
  return errors.map(({ property, constraints = {} }) => ({
    field: property.slice(0, MAX_ECHO_LENGTH),
    message:
      'whitelistValidation' in constraints
        ? 'is not a known parameter'
        : (Object.values(constraints)[0] ?? 'is not valid'),
  }));
}
