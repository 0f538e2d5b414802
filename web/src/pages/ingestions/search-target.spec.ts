import { describe, expect, it } from '@jest/globals';
import { toSearchTarget } from './search-target.js';

describe('A search text', () => {
  const id = '01a21be4-7a09-760f-9fe8-3de5850ea924';

  it.each([
    [` ${id.toUpperCase()} `, { kind: 'ingestion', id }],
    ['a924', { kind: 'mark', mark: 'a924' }],
    ['01A21BE4-7a', { kind: 'mark', mark: '01a21be4-7a' }],
    ['team=growth', { kind: 'label', label: 'team=growth' }],
    ['900000', { kind: 'id', id: '900000' }],
    ['10000000000000000007', { kind: 'id', id: '10000000000000000007' }],
    ['0017', { kind: 'mark', mark: '0017' }],
    ['team=', null],
    ['xyz', null],
    ['', null],
  ])('%j names %j', (text, target) => {
    expect(toSearchTarget(text)).toEqual(target);
  });
});
