/**
 * Returns the source of a regular expression that matches a member name in every form that JSON allows: in quotes, each
 * character literal or escaped (RFC 8259, section 7). `name` must hold only ASCII letters, digits and `_`.
 */
export function jsonNamePattern(name: string): string {
  const characters = name.replace(/\w/g, (character) => `(?:${character}|${escapePattern(character)})`);
  return `"${characters}"`;
}

/** Matches the hexadecimal digits of an escape in both cases. */
function escapePattern(character: string): string {
  const code = character.charCodeAt(0).toString(16).padStart(4, '0');
  return String.raw`\\u${code.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)}`;
}
