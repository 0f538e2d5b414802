import { describe, expect, it } from '@jest/globals';
import { readAuditSearch, readWebhooksSearch } from './router-search.js';

describe('The filters in an address', () => {
  it('are read, digits as text', () => {
    expect(readAuditSearch({ action: 'cancel', client: 7, target: 'x', lane: 'crm' })).toEqual({
      action: 'cancel',
      client: '7',
      target: 'x',
    });
    const times = { from: '2026-11-24T00:00:00.000Z', to: '2026-11-24T12:00:00.000Z' };
    expect(readAuditSearch(times)).toEqual(times);
    expect(readWebhooksSearch({ state: 'failed', list: 'x' })).toEqual({ state: 'failed', list: 'x' });
  });

  it('are left out where they are unknown or empty', () => {
    expect(readAuditSearch({ action: 'nothing', client: '', target: ['x'], from: 'soon', to: 5 })).toEqual(
      {},
    );
    expect(readWebhooksSearch({ state: 1 })).toEqual({});
  });
});
