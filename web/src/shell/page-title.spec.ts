import { describe, expect, it } from '@jest/globals';
import { titleOf } from './page-title.js';

describe('The title of the tab', () => {
  it('names the page or the list, and the lane', () => {
    expect(titleOf('Gate', { list: null, lane: null })).toBe('Gate · Sluice');
    expect(titleOf('Metrics', { list: null, lane: 'crm' })).toBe('Metrics · crm · Sluice');
    expect(titleOf('Ingestions', { list: 'e037', lane: null })).toBe('Ingestion e037 · Sluice');
    expect(titleOf(undefined, { list: null, lane: null })).toBe('Sluice');
  });
});
