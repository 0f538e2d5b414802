import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';

/** A row whose columns have no declared types. */
export type SqliteRow = Record<string, SQLOutputValue>;

type NamedValues = Record<string, SQLInputValue>;

/** A prepared statement whose rows have the type `Row`. */
export interface PreparedStatement<Row = SqliteRow> extends Omit<StatementSync, 'all' | 'get' | 'iterate'> {
  all(...values: SQLInputValue[]): Row[];
  all(named: NamedValues, ...values: SQLInputValue[]): Row[];
  /** Returns the first row. */
  get(...values: SQLInputValue[]): Row | undefined;
  get(named: NamedValues, ...values: SQLInputValue[]): Row | undefined;
  iterate(...values: SQLInputValue[]): NodeJS.Iterator<Row>;
  iterate(named: NamedValues, ...values: SQLInputValue[]): NodeJS.Iterator<Row>;
}
