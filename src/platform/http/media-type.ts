const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;

/** The media types of exports. */
export const CSV_TYPE = 'text/csv';
export const NDJSON_TYPE = 'application/x-ndjson';

/** The charset names that mean UTF-8. */
export const UTF8: ReadonlySet<string> = new Set(['utf-8', 'utf8']);

/** A parsed `Content-Type` header, in lower case. */
export interface MediaType {
  /** The media type, such as `application/json`. */
  readonly name: string;
  /** The charset; null if none is given. */
  readonly charset: string | null;
}

/** Parses a `Content-Type` header; returns null if it is missing or blank. */
export function parseMediaType(header = ''): MediaType | null {
  const name = header.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return header.trim() === '' ? null : { name, charset: CHARSET.exec(header)?.[1]?.toLowerCase() ?? null };
}
