import { describe, expect, it } from '@jest/globals';
import { parseIngestionSearch, toIngestionQuery, toParameters } from './ingestion-filter.js';

describe('The filter of ingestions', () => {
  it('is read from a URL without what is not valid', () => {
    expect(
      parseIngestionSearch({ status: 'failed', priority: 'high', client: 12, label: 'a=1', from: 'x', n: 1 }),
    ).toEqual({ status: 'failed', client: '12', label: ['a=1'] });
  });

  it('asks for a period from a whole minute on, and never for an end as well', () => {
    const query = toIngestionQuery(
      { since: '1h', to: '2026-01-01T00:00:00Z', mark: 'e037' },
      'crm',
      Date.parse('2026-11-24T10:00:42Z'),
    );
    expect(query).toEqual({ lane: 'crm', ingestion_id: 'e037', created_from: '2026-11-24T09:00:00.000Z' });
  });

  it('repeats the parameter of a label', () => {
    expect(toParameters({ lane: 'a b', label: ['x=1', 'y=2'] })).toBe('lane=a+b&label=x%3D1&label=y%3D2');
  });
});
