/**
 * The JSON of what an upstream answered, every integer exact. Null for nothing, and for what cannot be written as JSON:
 * the id has succeeded all the same.
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
