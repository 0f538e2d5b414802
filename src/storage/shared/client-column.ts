/** Returns the value for a column that may not be null; '' means no client. */
export function toClientColumn(client: string | null): string {
  return client ?? '';
}

/** Reverses {@link toClientColumn}. */
export function fromClientColumn(column: string): string | null {
  return column === '' ? null : column;
}
