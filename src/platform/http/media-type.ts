const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;

/** The charset names that mean UTF-8. */
export const UTF8: ReadonlySet<string> = new Set(['utf-8', 'utf8']);

/** What a `Content-Type` header says, in small letters. */
export interface MediaType {
  /** Such as `application/json`. */
  readonly name: string;
  /** Null where none is given. */
  readonly charset: string | null;
}

/** Reads a `Content-Type` header; null where there is none, or a blank one. */
export function parseMediaType(header = ''): MediaType | null {
  const name = header.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return header.trim() === '' ? null : { name, charset: CHARSET.exec(header)?.[1]?.toLowerCase() ?? null };
}
