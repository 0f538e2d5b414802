/** Characters with which a spreadsheet begins a formula. */
const FORMULA_START = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

/**
 * Writes one line of CSV (RFC 4180) with its end. A text that a spreadsheet would run as a formula gets an apostrophe
 * in front; numbers stay as they are. Null and undefined are empty.
 */
export function toCsvRow(cells: readonly (string | number | bigint | null | undefined)[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

function toCell(value: string | number | bigint | null | undefined): string {
  if (typeof value !== 'string') {
    return value === null || value === undefined ? '' : String(value);
  }
  const text = FORMULA_START.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
