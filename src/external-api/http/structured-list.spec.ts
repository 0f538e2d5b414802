import { describe, expect, it } from '@jest/globals';
import { parseStructuredList } from './structured-list.js';

describe('A list of structured fields', () => {
  it.each([
    ['"a";r=5;t=3', [['a', { r: '5', t: '3' }]]],
    ['  a;r=5 , "b c" ;x', undefined],
    [
      'a;  r=5 ,\tb',
      [
        ['a', { r: '5' }],
        ['b', {}],
      ],
    ],
    ['"say \\"hi\\", \\\\";r=0', [['say "hi", \\', { r: '0' }]]],
    ['a;pk=:YWI=:;b=?0;at=@17;d=-1.5', [['a', { pk: ':YWI=:', b: '?0', at: '@17', d: '-1.5' }]]],
    ['a;r=1;r=2;flag', [['a', { r: '2', flag: '?1' }]]],
    [
      '10;w=1, 100;w=60',
      [
        ['10', { w: '1' }],
        ['100', { w: '60' }],
      ],
    ],
  ])('%s is read as %j', (text, expected) => {
    const members = parseStructuredList(text)?.map(({ value, parameters }) => [
      value,
      Object.fromEntries(parameters),
    ]);
    expect(members).toEqual(expected);
  });

  it('may be a dictionary', () => {
    const members = parseStructuredList('limit=100, remaining=50;x=1, reset=5');
    expect(members?.map(({ key, value }) => [key, value])).toEqual([
      ['limit', '100'],
      ['remaining', '50'],
      ['reset', '5'],
    ]);
  });

  it.each([
    '',
    ',',
    'a,',
    ',a',
    'a b',
    'a;',
    'a;R=1',
    'a;r=',
    '"a',
    '"a\\x"',
    '"ä"',
    '(a b);r=0',
    'a;r=(1)',
    '1234567890123456',
    'a=;r=0',
    '"'.repeat(301),
    ';a=1'.repeat(100),
  ])('is malformed as a whole in %j', (text) => {
    expect(parseStructuredList(text)).toBeUndefined();
  });
});
