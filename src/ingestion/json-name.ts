/**
 * The source of a regular expression for a member name as JSON may write it: in quotes, each of its characters as it is
 * or as an escape (RFC 8259, section 7). `name` holds ASCII letters, digits and `_` alone.
 */
export function jsonNamePattern(name: string): string {
  const characters = name.replace(/\w/g, (character) => `(?:${character}|${escapePattern(character)})`);
  return `"${characters}"`;
}

/** The digits of an escape may be written in capital letters, too. */
function escapePattern(character: string): string {
  const code = character.charCodeAt(0).toString(16).padStart(4, '0');
  return String.raw`\\u${code.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)}`;
}
