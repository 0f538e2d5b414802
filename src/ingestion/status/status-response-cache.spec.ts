import { describe, expect, it } from '@jest/globals';
import { CachedStatus, StatusResponseCache } from './status-response-cache.js';

describe('The cache of status responses', () => {
  it('finds a status while the state of the ingestion is the same', () => {
    const cache = new StatusResponseCache();
    cache.store('one', new CachedStatus('state 1', '1'));
    expect(cache.find('one', 'state 1')?.batches).toBe('1');
    expect(cache.find('one', 'state 2')).toBeNull();
    expect(cache.find('two', 'state 1')).toBeNull();
    cache.store('one', new CachedStatus('state 2', '2'));
    expect(cache.find('one', 'state 2')?.batches).toBe('2');
  });

  it('evicts the status that was used least recently when all together are too long', () => {
    const status = new CachedStatus('', 'x'.repeat(100));
    const cache = new StatusResponseCache(2 * status.characters + 1);
    cache.store('one', status);
    cache.store('two', status);
    cache.find('one', '');
    cache.store('three', status);
    expect(['one', 'two', 'three'].filter((id) => cache.find(id, '') !== null)).toEqual(['one', 'three']);
  });

  it('does not store a status that is longer than the whole cache', () => {
    const cache = new StatusResponseCache(2000);
    cache.store('short', new CachedStatus('', 'x'));
    cache.store('long', new CachedStatus('', 'x'.repeat(1000)));
    expect(['short', 'long'].filter((id) => cache.find(id, '') !== null)).toEqual(['short']);
  });
});

describe('A cached status', () => {
  it('is rendered again only for another tag', () => {
    const status = new CachedStatus('', '1');
    let renderings = 0;
    const render = (tag: string): string =>
      status.render(tag, (batches) => `${batches}${String((renderings += 1))}`);
    expect([render('a'), render('a'), render('b')]).toEqual(['11', '11', '12']);
  });
});
