/** @jest-environment jsdom */
import { afterEach, describe, expect, it } from '@jest/globals';
import { apiKey } from '../../api/client.js';
import { pagesOf } from './ingestion-pages.js';

describe('The loaded pages', () => {
  afterEach(() => {
    apiKey.forget();
  });

  it('stay for the same filter, so that Back shows them at once', () => {
    const pages = pagesOf({ status: 'failed' }, 'crm');
    expect(pagesOf({ status: 'failed' }, null)).not.toBe(pages);
    expect(pagesOf({ status: 'failed' }, 'crm')).toBe(pages);
  });

  it('are not shown to the holder of another key', () => {
    apiKey.set('of one');
    const pages = pagesOf({}, null);
    apiKey.set('of another');
    expect(pagesOf({}, null)).not.toBe(pages);
  });
});
