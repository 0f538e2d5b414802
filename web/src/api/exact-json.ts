/** An id: a number where a double holds it, a bigint beyond. Its digits are exact either way. */
export type Id = number | bigint;

/** Strings, to be stepped over, and integers that a double may not hold. */
const STRING_OR_LARGE = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;
const MARK = '\uE000';

/** `JSON.parse` that keeps large integers exact, as bigints. */
export function parseExact(text: string): unknown {
  if (!/\d{16}/.test(text)) {
    return JSON.parse(text) as unknown;
  }
  const marked = text.replace(STRING_OR_LARGE, (token) =>
    token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"${MARK}${token}"`,
  );
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(1)) : value,
  ) as unknown;
}
