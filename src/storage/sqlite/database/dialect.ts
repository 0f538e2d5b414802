import type { SQLInputValue } from 'node:sqlite';
import type { Dialect } from '../../shared/where.js';
import { toUuidColumn } from './uuid-column.js';

export const SQLITE_DIALECT: Dialect<SQLInputValue> = {
  placeholder: (number) => `?${String(number)}`,
  toUuidColumn,
  table: (name) => name,
};
