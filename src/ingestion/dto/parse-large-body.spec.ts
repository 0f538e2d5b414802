import { describe, expect, it } from '@jest/globals';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { parseLargeBody, type LargeBody } from './parse-large-body.js';

const MANY = Array.from({ length: 100_000 }, (_, i) => String(i + 1));
const LARGEST = '10000000000000000007';

function parse(text: string): Promise<LargeBody | undefined> {
  return parseLargeBody(text, new SystemRuntime());
}

describe('A large body', () => {
  it('gives its ids exactly, and the rest apart', async () => {
    const ids = [...MANY, LARGEST, '9007199254740993', ' 7 '];
    const large = await parse(`{ "ids" : [${ids.join(',')}], "priority": "LOW" }`);
    expect(large?.rest).toBe('{ "ids" : [], "priority": "LOW" }');
    expect(large?.ids.map(String)).toEqual([...MANY, LARGEST, '9007199254740993', '7']);
  });

  it.each(['"\\u0069ds"', '"i\\u0064s"', '"\\u0069\\u0064\\u0073"'])(
    'names its ids as %s as well',
    async (name) => {
      const large = await parse(`{${name}:[${MANY.join(',')}],"priority":"LOW"}`);
      expect(large?.ids).toHaveLength(MANY.length);
      expect(JSON.parse(large?.rest ?? '')).toEqual({ ids: [], priority: 'LOW' });
    },
  );

  it('is left to the ordinary way where anything is not ordinary', async () => {
    for (const odd of ['"7"', 'null', '[7]', '', ' ', '7 7', '-', '01', '{"a":1}']) {
      for (const ids of [
        [odd, ...MANY],
        [...MANY, odd],
        [...MANY.slice(0, 50_000), odd, ...MANY.slice(50_000)],
      ]) {
        expect(await parse(`{"ids":[${ids.join(',')}],"priority":"LOW"}`)).toBeUndefined();
      }
    }
    expect(await parse(`{"ids":[${MANY.join(',')}`)).toBeUndefined();
    expect(await parse('{"idz":[1]}')).toBeUndefined();
  });
});
