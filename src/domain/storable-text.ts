/**
 * Returns true if both stores can save the text and return it unchanged. PostgreSQL rejects NUL, and neither store saves
 * a surrogate without its pair, because that is not Unicode text.
 */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Completes the message "FIELD …" for a text that is not storable. */
export const NOT_STORABLE = 'must not contain NUL or half of a surrogate pair';
