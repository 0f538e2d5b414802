import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JsonScanner } from './json-scanner.js';

const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue());

function json(value: unknown): string {
  return JSON.stringify(value);
}

describe('Reading JSON without taking it apart', () => {
  it('reads any value as it was written, without the blanks between its tokens', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('', ' ', '\t', '\r\n  '), (value, blank) => {
        const written = JSON.stringify(value, null, `${blank} `);
        expect(new JsonScanner(blank + written + blank).value()).toBe(json(value));
      }),
    );
  });

  it.each(['1.10', '-0', '1e400', '"\\u0041\\/"', '"\\\\"', '"\\\\\\""', '" "', '{"a":1,"a":[]}'])(
    'keeps %s',
    (written) => {
      expect(new JsonScanner(written).value()).toBe(written);
    },
  );

  it('reads the members of an object', () => {
    fc.assert(
      fc.property(object, fc.constantFrom(0, 1), (value, indent) => {
        const reader = new JsonScanner(JSON.stringify(value, null, indent));
        const members = Array.from(reader.members(), (key) => [key, reader.value()]);
        expect(members).toEqual(Object.entries(value).map(([key, member]) => [key, json(member)]));
      }),
    );
  });

  it('reads the elements of an array', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 1), (value, indent) => {
        const reader = new JsonScanner(JSON.stringify(value, null, indent));
        expect(Array.from(reader.elements(), () => reader.value())).toEqual(value.map(json));
      }),
    );
  });

  it('knows a key that is written with escapes', () => {
    const reader = new JsonScanner('{"\\u0069d":5}');
    expect(Array.from(reader.members(), (key) => [key, reader.value()])).toEqual([['id', '5']]);
  });
});
