import { describe, expect, it } from '@jest/globals';
import { isStorableText } from './storable-text.js';

describe('A text', () => {
  it.each(['', 'billing', 'Käse', '😀', '\u0001\n', '\uffff'])('%j can be stored', (text) => {
    expect(isStorableText(text)).toBe(true);
  });

  it.each(['\0', 'a\0b', '\ud800', 'a\udc00', '\udc00\ud800'])('%j cannot be stored', (text) => {
    expect(isStorableText(text)).toBe(false);
  });
});
