import { describe, expect, it } from '@jest/globals';
import { packIds } from '../../domain/packed-ids.js';
import { describeDispatch, describeOutcomes } from './dispatch-log.js';

const DISPATCH_ID = '01a20bac-68c9-779c-8dcf-77e99e27db7e';

describe('The lines of a dispatch', () => {
  const ids = Array.from({ length: 1000 }, (_, i) => 10n ** 18n + BigInt(i));
  const parts = ids.map((id, i) => ({
    ingestionId: `01a20bac-68c5-753f-af21-${String(i).padStart(12, '0')}`,
    batchNo: 0,
    first: 0,
    size: 1,
    failures: 0,
    packedIds: packIds([id]),
  }));
  const dispatch = { lane: 'default', dispatchNo: 1, dispatchId: DISPATCH_ID, parts };

  it('name it and its ingestions, and are short however many ids it has', () => {
    const began = describeDispatch(dispatch, ids);
    const ended = describeOutcomes(
      dispatch,
      ids.map((id) => ({
        kind: 'failed',
        error: { kind: 'upstream', message: `no ${String(id)}` },
      })),
    );
    for (const line of [began, ended]) {
      expect(line.dispatch_id).toBe(DISPATCH_ID);
      expect(line.ingestion_ids).toEqual(parts.slice(0, 10).map(({ ingestionId }) => ingestionId));
      expect(JSON.stringify(line).length).toBeLessThan(2000);
    }
    expect(began.msg).toMatch(
      /^dispatch 01a20bac-\S+ began: ids 1000000000000000000, .* and 990 more; batches/,
    );
    expect(ended.msg).toMatch(/ ended: 0 completed, 0 to retry, 1000 failed: no 1000000000000000000, /);
  });
});
