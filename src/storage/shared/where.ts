/** The type of a filtered column. */
type FilterType = 'int' | 'bigint' | 'text' | 'uuid';

/** Writes the parts of SQL that differ between the stores. `Value` is the type of a bound value. */
export interface Dialect<Value> {
  /** Writes the placeholder of the bound value with this number, counted from 1. */
  placeholder(number: number, type: FilterType): string;
  /** Returns the column value of a UUID; null, which equals no column, for any other text. */
  toUuidColumn(text: string): Value | null;
  /** Writes the name of a table. */
  table(name: string): string;
}

/** One condition of a filter. */
export interface Condition {
  readonly type: FilterType;
  /** The value to compare with; undefined means that the filter does not have this condition. */
  readonly value: string | number | undefined;
  /** Writes the condition. */
  readonly toSql: (placeholder: string) => string;
}

export interface Where<Value> {
  /** The conditions, each with a leading AND. */
  readonly sql: string;
  readonly values: readonly (Value | string | number | null)[];
}

/** Writes the conditions of a filter. Their values follow the `valuesBefore` other values of the statement. */
export function buildWhere<Value>(
  dialect: Dialect<Value>,
  conditions: readonly Condition[],
  valuesBefore: number,
): Where<Value> {
  const values: (Value | string | number | null)[] = [];
  const sql = conditions.flatMap(({ type, value, toSql }) => {
    if (value === undefined) {
      return [];
    }
    values.push(type === 'uuid' ? dialect.toUuidColumn(String(value)) : value);
    return [`AND ${toSql(dialect.placeholder(valuesBefore + values.length, type))}`];
  });
  return { sql: sql.join(' '), values };
}
