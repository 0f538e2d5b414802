/**
 * Serialises an upstream result as JSON with exact integers. Returns null for `undefined` and for a value that JSON
 * cannot represent; the id still counts as completed.
 */
export function toExactJson(data: unknown): string | null {
  try {
    const json: unknown = JSON.stringify(data, writeExactJson);
    return typeof json === 'string' ? json : null;
  } catch {
    return null;
  }
}

function writeExactJson(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? JSON.rawJSON(String(value)) : value;
}
