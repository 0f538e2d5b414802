const INTEGER = /^\d+$/;

/** Parses JSON with every integer as an exact bigint. */
export function parseExact(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, { source }: { readonly source?: string }) =>
    typeof value === 'number' && source !== undefined && INTEGER.test(source) ? BigInt(source) : value,
  );
}
