import { escapeControls } from '../../domain/printable-text.js';

const ESCAPE = /\\(?:u([0-9a-f]{4})|(.))/gi;
/** The short escapes of control characters that a terminal obeys. */
const SHORT: ReadonlySet<string> = new Set(['b', 'f', 'r']);

/**
 * Doubles the backslash of each escape in a line of JSON that stands for a control character. A program that reads the
 * line for people then shows the escape and not the character.
 */
export function keepEscapesVisible(line: string): string {
  return line.replace(ESCAPE, (escape, code: string | undefined, short: string | undefined) => {
    const isHidden =
      code === undefined ? SHORT.has(short ?? '') : isControl(String.fromCharCode(parseInt(code, 16)));
    return isHidden ? `\\${escape}` : escape;
  });
}

function isControl(character: string): boolean {
  return escapeControls(character) !== character;
}
