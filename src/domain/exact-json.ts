/**
 * Serialises an upstream result as JSON with exact integers. Returns null for `undefined` and for a value that JSON
 * cannot represent; the id still counts as completed.
 */
export function toExactJson(data: unknown): string | null {
  try {
    const json: unknown = stringify(data);
    return typeof json === 'string' ? json : null;
  } catch {
    return null;
  }
}

/** Tries without the exact writer first, which most data do not need: it takes four times as long. */
function stringify(data: unknown): unknown {
  try {
    return JSON.stringify(data);
  } catch {
    return JSON.stringify(data, writeExactJson); // data with a bigint, or data that cannot be written at all
  }
}

function writeExactJson(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? JSON.rawJSON(String(value)) : value;
}
