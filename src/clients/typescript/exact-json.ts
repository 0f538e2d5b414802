const INTEGER = /^-?\d+$/;
/** Texts without any of these hold no ids and no large integers: the field names, perhaps with escapes, and the digits. */
const MAY_HOLD_IDS = /"ids?"|\\u|\d{16}/;

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** @throws Error with one line if this runtime lacks what exact integers need. */
export function assertExactJson(): void {
  if (typeof (JSON as Partial<JSON>).rawJSON !== 'function') {
    throw new Error(
      'sluice/client needs JSON.rawJSON for exact ids: Node.js 24.16 or later (LTS), 26 or later, or a browser of 2025',
    );
  }
}

/**
 * Parses a response: ids (`id`, and the elements of `ids`) become bigints of any size, and so does every
 * other integer that a double cannot hold. The data of the upstream (`data`) is parsed like `JSON.parse`,
 * except for such integers.
 */
export function parseExact(text: string): unknown {
  return MAY_HOLD_IDS.test(text) ? JSON.parse(text, revive) : JSON.parse(text); // which takes a fraction of the time
}

/** The reverse of {@link parseExact}: bigints become exact integers. */
export function stringifyExact(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'bigint' ? JSON.rawJSON(part.toString()) : part,
  );
}

/** `JSON.parse` visits the elements of an array before the array itself, whose name tells what they are. */
const revive: Reviver = (key, value, { source }) => {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) {
      return source !== undefined && INTEGER.test(source) ? BigInt(source) : value;
    }
    return key === 'id' ? BigInt(value) : value;
  }
  if (key === 'ids' && Array.isArray(value)) {
    return value.map((id: unknown) => (Number.isSafeInteger(id) ? BigInt(id as number) : id));
  }
  return key === 'data' ? narrowBigints(value) : value;
};

function narrowBigints(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (Array.isArray(value)) {
    return value.map(narrowBigints);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, narrowBigints(field)]));
  }
  return value;
}
