/** A value that needs no quotes in the text of an array. */
type ArrayElement = number | boolean | string | null;

/**
 * Writes numbers, UUIDs and booleans as the text of an array. The driver would quote and escape each element, which takes
 * ten times as long.
 */
export function toArrayLiteral(elements: readonly ArrayElement[]): string {
  return `{${elements.map((element) => element ?? 'NULL').join(',')}}`;
}

/** Writes rows as arrays, one for each column, as `unnest` reads them. */
export function toArrayLiterals<T>(
  rows: readonly T[],
  ...columns: readonly ((row: T) => ArrayElement)[]
): string[] {
  return columns.map((column) => toArrayLiteral(rows.map(column)));
}
