import { describe, expect, it } from '@jest/globals';
import { BatchTexts } from './batch-texts.js';

describe('BatchTexts', () => {
  it('finds a text while the ingestion stands as it did', () => {
    const texts = new BatchTexts();
    texts.keep('one', 'state 1', '[1]');
    expect(texts.find('one', 'state 1')).toBe('[1]');
    expect(texts.find('one', 'state 2')).toBeNull();
    expect(texts.find('two', 'state 1')).toBeNull();
    texts.keep('one', 'state 2', '[2]');
    expect(texts.find('one', 'state 2')).toBe('[2]');
  });

  it('lets the oldest go where all together are too long', () => {
    const texts = new BatchTexts(10);
    texts.keep('one', '', '1234');
    texts.keep('two', '', '1234');
    texts.keep('one', '', '12345');
    texts.keep('three', '', '12345');
    expect(['one', 'two', 'three'].filter((id) => texts.find(id, '') !== null)).toEqual(['one', 'three']);
    texts.keep('four', '', '12345678901');
    expect(['one', 'three', 'four'].filter((id) => texts.find(id, '') !== null)).toEqual([]);
  });
});
