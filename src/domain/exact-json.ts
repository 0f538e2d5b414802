/**
 * The JSON of what an upstream answered, every integer exact. Null for nothing, and for what cannot be written as JSON:
 * the id has succeeded all the same.
 */
export function exactJsonOf(data: unknown): string | null {
  try {
    const json: unknown = JSON.stringify(data, writeExactly);
    return typeof json === 'string' ? json : null;
  } catch {
    return null;
  }
}

function writeExactly(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? JSON.rawJSON(String(value)) : value;
}
