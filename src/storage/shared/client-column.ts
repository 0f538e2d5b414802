/** Returns the value of a column that may not be null; '' stands for no client. */
export function toClientColumn(client: string | null): string {
  return client ?? '';
}

/** Reverses {@link toClientColumn}. */
export function fromClientColumn(column: string): string | null {
  return column === '' ? null : column;
}
