import { describe, expect, it } from '@jest/globals';
import { CachedStatus, StatusResponseCache } from './status-response-cache.js';

describe('StatusTexts', () => {
  it('finds a text while the ingestion stands as it did', () => {
    const texts = new StatusResponseCache();
    texts.store('one', new CachedStatus('state 1', '1'));
    expect(texts.find('one', 'state 1')?.batches).toBe('1');
    expect(texts.find('one', 'state 2')).toBeNull();
    expect(texts.find('two', 'state 1')).toBeNull();
    texts.store('one', new CachedStatus('state 2', '2'));
    expect(texts.find('one', 'state 2')?.batches).toBe('2');
  });

  it('lets the oldest go where all together are too long', () => {
    const text = new CachedStatus('', 'x'.repeat(100));
    const texts = new StatusResponseCache(2 * text.characters + 1);
    ['one', 'two', 'one', 'three'].forEach((ingestionId) => {
      texts.store(ingestionId, text);
    });
    expect(['one', 'two', 'three'].filter((id) => texts.find(id, '') !== null)).toEqual(['one', 'three']);
    texts.store('four', new CachedStatus('', 'x'.repeat(1000)));
    expect(['one', 'three', 'four'].filter((id) => texts.find(id, '') !== null)).toEqual([]);
  });
});

describe('StatusText', () => {
  it('is written anew for another tag alone', () => {
    const text = new CachedStatus('', '1');
    let written = 0;
    const wholeOf = (tag: string): string =>
      text.render(tag, (batches) => `${batches}${String((written += 1))}`);
    expect([wholeOf('a'), wholeOf('a'), wholeOf('b')]).toEqual(['11', '11', '12']);
  });
});
