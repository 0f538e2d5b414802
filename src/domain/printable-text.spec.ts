import { describe, expect, it } from '@jest/globals';
import { escapeControls, escapeLine } from './printable-text.js';

describe('Text for a terminal or a log', () => {
  it.each([
    0x00, 0x07, 0x08, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0x61c, 0x200e, 0x200f, 0x2028, 0x202e, 0x2066, 0x2069,
  ])('shows U+%p in place of obeying it', (code) => {
    const escape = `\\u${code.toString(16).padStart(4, '0')}`;
    const character = String.fromCharCode(code);
    expect(escapeControls(`a${character}b`)).toBe(`a${escape}b`);
    expect(JSON.parse(escapeControls(JSON.stringify(`a${character}b`)))).toBe(`a${character}b`);
  });

  it('keeps everything that is shown, with its lines and columns', () => {
    const text = 'naïve – שלום 👩‍💻 日本\n\tnext line';
    expect(escapeControls(text)).toBe(text);
  });

  it('is one line where one line is wanted', () => {
    expect(escapeLine('a\nb\tc')).toBe('a\\u000ab\\u0009c');
  });
});
