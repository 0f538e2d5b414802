/**
 * Control characters (also ESC, DEL and C1), characters that change the direction of text, and Unicode's own line
 * separators. A terminal or a viewer obeys them instead of showing them.
 */
const HIDDEN = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;
const LAYOUT: ReadonlySet<string> = new Set(['\n', '\t']);
/** A given value that is longer is cut in a message. */
const MAX_VALUE_LENGTH = 60;

/**
 * Replaces the characters that a terminal obeys instead of showing by their JSON escape, such as `\u001b`. Line feeds
 * and tabs stay. JSON text keeps its meaning.
 */
export function escapeControls(text: string): string {
  return text.replace(HIDDEN, (character) => (LAYOUT.has(character) ? character : toEscape(character)));
}

/** Does the same as {@link escapeControls}, and escapes line feeds and tabs too, so that the text is one line. */
export function escapeLine(text: string): string {
  return text.replace(HIDDEN, toEscape);
}

/** Cuts a text that is longer than `maxLength`, and marks the cut with `…`. */
export function shorten(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}

/** Returns the end of a message that says which value was given; empty if there was none. */
export function instead(value: unknown): string {
  if (value === undefined) {
    return '';
  }
  const isPlain = typeof value === 'string' || typeof value === 'number';
  const text = isPlain ? String(value) : JSON.stringify(value);
  return `, not "${escapeLine(shorten(text, MAX_VALUE_LENGTH))}"`;
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
