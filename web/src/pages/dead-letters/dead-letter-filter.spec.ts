import { describe, expect, it } from '@jest/globals';
import { parseDeadLetterSearch, toDeadLetterQuery, toRedriveTarget } from './dead-letter-filter.js';

describe('The filter of dead letters', () => {
  it('is read from a URL and asks the service for the same', () => {
    const search = parseDeadLetterSearch({ kind: 'timeout', status: 503, since: '1h', n: 1, message: '' });
    expect(search).toEqual({ kind: 'timeout', status: '503', since: '1h' });
    expect(toDeadLetterQuery(search, 'crm', Date.parse('2026-11-24T10:00:42Z'))).toEqual({
      lane: 'crm',
      kind: 'timeout',
      upstream_status: 503,
      failed_from: '2026-11-24T09:00:00.000Z',
    });
  });

  it('redrives exactly what it matches, or nothing', () => {
    expect(toRedriveTarget({})).toEqual({ all: 'true' });
    expect(toRedriveTarget({ kind: 'timeout' })).toEqual({ kind: 'timeout' });
    expect(toRedriveTarget({ kind: 'timeout', ingestion_id: 'x' })).toEqual({
      kind: 'timeout',
      ingestion_id: 'x',
    });
    expect(toRedriveTarget({ kind: 'timeout', lane: 'crm' })).toBeNull();
    expect(toRedriveTarget({ message: 'busy' })).toBeNull();
  });
});
