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

  it('leaves out blanks wherever they may stand', () => {
    const blanks = '\t\r\n ';
    const written = ['{', '"a"', ':', '[', '1', ',', '" "', ']', ',', '"b"', ':', '{', '}', '}'];
    for (const blank of blanks) {
      expect(new JsonScanner(written.join(blank)).value()).toBe(written.join(''));
    }
    const reader = new JsonScanner(blanks + written.join(blanks));
    expect(Array.from(reader.members(), (key) => [key, reader.value()])).toEqual([
      ['a', '[1," "]'],
      ['b', '{}'],
    ]);
  });

  it('goes on behind the end of an object or an array', () => {
    const reader = new JsonScanner('[{"a":[1,2]},{},[],3]');
    const found = Array.from(reader.elements(), () => {
      switch (reader.next) {
        case '{':
          return Array.from(reader.members(), (key) => [
            key,
            Array.from(reader.elements(), () => reader.value()),
          ]);
        case '[':
          return Array.from(reader.elements(), () => reader.value());
        default:
          return reader.value();
      }
    });
    expect(found).toEqual([[['a', ['1', '2']]], [], [], '3']);
  });
});
