import { describe, expect, it } from '@jest/globals';
import { JsonShape, MAX_JSON_DEPTH, MAX_JSON_PARTS } from './json-shape.js';

/** Checks a text that arrives in chunks of so many bytes; returns the number of bytes that were checked. */
function check(text: string, chunkBytes = 65_536): number {
  const bytes = Buffer.from(text);
  const shape = new JsonShape();
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    try {
      shape.check(bytes.subarray(at, at + chunkBytes));
    } catch (error) {
      expect(error).toMatchObject({ status: 422 });
      return at;
    }
  }
  return bytes.length;
}

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('The shape of a JSON body', () => {
  it.each([
    ['brackets', '['.repeat(4_000_000)],
    ['objects', '{"a":'.repeat(800_000)],
    ['arrays side by side', `{"ids":[${'[],'.repeat(1_300_000)}1]}`],
    ['objects side by side', `{"ids":[${'{},'.repeat(1_300_000)}1]}`],
    ['strings', `{"ids":[${'"a",'.repeat(1_000_000)}1]}`],
    ['members', `{${'"a":1,'.repeat(600_000)}"b":1}`],
  ])('is refused after the first bytes where it is a bomb of %s', (_name, text) => {
    expect(check(text, 16_384)).toBeLessThanOrEqual(65_536);
  });

  it('may be as deep as the limit, and no deeper, wherever it is cut', () => {
    for (const chunkBytes of [1, 7, 1000]) {
      expect(check(nested(MAX_JSON_DEPTH), chunkBytes)).toBe(2 * MAX_JSON_DEPTH);
      expect(check(nested(MAX_JSON_DEPTH + 1), chunkBytes)).toBeLessThan(MAX_JSON_DEPTH + 1);
    }
  });

  it('is known also where thousands of bytes without a mark stand between two marks', () => {
    const gap = '1,'.repeat(10_000);
    const deep = (levels: number): string => `[${gap}`.repeat(levels);
    expect(check(deep(MAX_JSON_DEPTH))).toBe(deep(MAX_JSON_DEPTH).length);
    expect(check(deep(MAX_JSON_DEPTH + 1))).toBeLessThan(deep(MAX_JSON_DEPTH + 1).length);
    const text = `["${gap}${'['.repeat(100)}${gap}", ${gap}${nested(MAX_JSON_DEPTH)}]`;
    expect(check(text.replace('[[', '"[['))).toBeLessThan(text.length); // the string ends before the brackets
    expect(check(text.replace(nested(MAX_JSON_DEPTH), nested(MAX_JSON_DEPTH - 1)))).toBe(text.length - 2);
  });

  it('may have as many parts as the limit, and no more, wherever it is cut', () => {
    const strings = (count: number): string =>
      `[${Array<string>(count - 1)
        .fill('""')
        .join()}]`;
    for (const chunkBytes of [1, 7, 100_000]) {
      expect(check(strings(MAX_JSON_PARTS), chunkBytes)).toBe(strings(MAX_JSON_PARTS).length);
      expect(check(strings(MAX_JSON_PARTS + 1), chunkBytes)).toBeLessThan(strings(MAX_JSON_PARTS + 1).length);
    }
  });

  it('does not follow from what stands in a string, with or without escapes, wherever it is cut', () => {
    const text = `["${'[{'.repeat(100)}", "\\"${'['.repeat(100)}", "\\\\", "\\\\\\"${'{'.repeat(100)}"]`;
    expect(JSON.parse(text)).toHaveLength(4);
    for (const chunkBytes of [1, 2, 3, 5, 1000]) {
      expect(check(text, chunkBytes)).toBe(text.length);
    }
    expect(check(`["\\\\", ${nested(MAX_JSON_DEPTH)}]`, 1)).toBeLessThan(60);
  });
});
