import { describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '../../api/types.js';
import { describeValues } from './audit-words.js';

const ENTRY: AuditEntry = {
  entry_id: '01a21bf1-fe44-7650-91aa-7f0c91418a72',
  at: '2026-11-27T07:39:33.829Z',
  action: 'change_lane',
  client: 'me',
  address: null,
  request_id: null,
  lane: 'crm',
  target: null,
  affected: null,
  from: null,
  to: null,
  filter: null,
};

describe('What an act changed', () => {
  it('is told field by field, or as one value', () => {
    const from = { batch_size: 10, limits: null };
    const to = { batch_size: 5, limits: [{ calls: 9 }] };
    expect(describeValues({ ...ENTRY, from, to })).toEqual([
      'batch_size: 10 → 5',
      'limits: none → [{"calls":9}]',
    ]);
    expect(describeValues({ ...ENTRY, from: 'LOW', to: 'HIGH', affected: 1 })).toEqual([
      'LOW → HIGH',
      '1 id',
    ]);
  });

  it('is the filter and the number of ids where many were selected, and nothing for a pause', () => {
    expect(describeValues({ ...ENTRY, filter: { kind: 'timeout' }, affected: 1200 })).toEqual([
      'filter: {"kind":"timeout"}',
      '1,200 ids',
    ]);
    expect(describeValues(ENTRY)).toEqual([]);
  });
});
