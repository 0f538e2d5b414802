import { validate } from 'uuid';
import type { Dialect } from '../../shared/where.js';

/** Returns the dialect for the tables of a schema. */
export function postgresDialect(schema: string): Dialect<string> {
  return {
    placeholder: (number, type) => `$${String(number)}::${type}`,
    toUuidColumn: (text) => (validate(text) ? text : null),
    table: (name) => `${schema}.${name}`,
  };
}
