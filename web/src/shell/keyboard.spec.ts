import { describe, expect, it } from '@jest/globals';
import { actionOf } from './keyboard.js';
import { PAGES, pagesFor } from './navigation.js';

describe('The keyboard', () => {
  it('opens each page by its own letter after g', () => {
    expect(new Set(PAGES.map(({ key }) => key)).size).toBe(PAGES.length);
    expect(actionOf('g', false, PAGES)).toEqual({ kind: 'prefix' });
    for (const { key, path } of PAGES) {
      expect(actionOf(key, true, PAGES)).toEqual({ kind: 'open', path });
    }
    expect(actionOf('?', true, PAGES)).toBeNull();
  });

  it('opens no page that the user may not see', () => {
    const pages = pagesFor({ scopes: ['read'], lanes: ['default'] });
    expect(actionOf('i', true, pages)).toEqual({ kind: 'open', path: '/ingestions' });
    expect(actionOf('c', true, pages)).toBeNull();
  });

  it('shows the help and goes to the search', () => {
    expect(actionOf('?', false, PAGES)).toEqual({ kind: 'help' });
    expect(actionOf('/', false, PAGES)).toEqual({ kind: 'search' });
    expect(actionOf('x', false, PAGES)).toBeNull();
  });
});
