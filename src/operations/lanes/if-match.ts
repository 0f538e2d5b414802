/**
 * Reads the header `If-Match` (RFC 9110, section 13.1.1) as versions; null if it allows any. A tag that is no version of
 * a lane matches none.
 */
export function readIfMatch(header: string | undefined): readonly number[] | null {
  if (header === undefined || header.trim() === '*') {
    return null;
  }
  return header.split(',').flatMap((tag) => {
    const version = /^"(\d{1,15})"$/.exec(tag.trim())?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}

/** Returns the entity tag of a version. */
export function toTag(version: number): string {
  return `"${String(version)}"`;
}
