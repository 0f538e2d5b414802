/**
 * Tells whether both stores can hold the text and return it unchanged. PostgreSQL rejects NUL, and neither store keeps a
 * surrogate without its pair, because that is not Unicode text.
 */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Completes the message "FIELD …" for a text that is not storable. */
export const NOT_STORABLE = 'must not contain NUL or half of a surrogate pair';
