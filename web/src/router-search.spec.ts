import { describe, expect, it } from '@jest/globals';
import { readAuditSearch, readWebhooksSearch } from './router-search.js';

describe('The filters in an address', () => {
  it('are read, digits as text', () => {
    expect(readAuditSearch({ action: 'cancel', client: 7, target: 'x', lane: 'crm' })).toEqual({
      action: 'cancel',
      client: '7',
      target: 'x',
    });
    expect(readWebhooksSearch({ state: 'failed', list: 'x' })).toEqual({ state: 'failed', list: 'x' });
  });

  it('are left out where they are unknown or empty', () => {
    expect(readAuditSearch({ action: 'nothing', client: '', target: ['x'] })).toEqual({});
    expect(readWebhooksSearch({ state: 1 })).toEqual({});
  });
});
