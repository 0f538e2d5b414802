import { describe, expect, it } from '@jest/globals';
import { findPage } from './navigation.js';

describe('The page that a path belongs to', () => {
  it.each([
    ['/', 'Gate'],
    ['/now', 'Metrics'],
    ['/ingestions/019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c', 'Ingestions'],
    ['/nowhere', undefined],
    ['/find/3', undefined],
  ])('of %s is %s', (path, name) => {
    expect(findPage(path)?.name).toBe(name);
  });
});
