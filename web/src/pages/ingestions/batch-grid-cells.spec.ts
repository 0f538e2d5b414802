import { describe, expect, it } from '@jest/globals';
import type { Progress } from '../../api/types.js';
import { cellsOfBatches, cellsOfProgress, MAX_CELLS } from './batch-grid-cells.js';

const progress = (total: number, rest: Partial<Progress>): Progress => ({
  total,
  yet_to_start: 0,
  in_flight: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  percent: 0,
  ...rest,
});

describe('The map of a long list', () => {
  it('has no more cells than a screen has room for, and every id is in one', () => {
    const cells = cellsOfProgress(progress(1_000_000, { yet_to_start: 1_000_000 }), []);
    expect(cells.length).toBeLessThanOrEqual(MAX_CELLS);
    expect(cells.reduce((sum, { size }) => sum + size, 0)).toBe(1_000_000);
    expect(cells.every(({ status }) => status === 'yet_to_start')).toBe(true);
  });

  it('shows how far it is, and where ids gave up', () => {
    const how = progress(18_000, { yet_to_start: 9015, failed: 1 });
    const statuses = cellsOfProgress(how, [4500]).map(({ status }) => status);
    expect([0, 150, 299, 300].map((i) => statuses[i])).toEqual([
      'completed',
      'failed',
      'mixed',
      'yet_to_start',
    ]);
  });

  it.each([
    ['some have no outcome', { in_flight: 1 }],
    ['some were dropped', { cancelled: 1 }],
    ['not all positions of failures are known', { failed: 1 }],
  ])('does not guess where %s', (_, how) => {
    expect(cellsOfProgress(progress(6000, how), [])[0]?.status).toBe('mixed');
  });
});

describe('The map of a short list', () => {
  it('has a cell for each batch, whatever its size', () => {
    const batches = [
      { batch_id: 'a', ids: [1n], status: 'completed' as const },
      { batch_id: 'b', ids: [2n, 3n, 4n], status: 'triggered' as const },
    ];
    expect(cellsOfBatches(batches)).toEqual([
      { from: 0, size: 1, status: 'completed' },
      { from: 1, size: 3, status: 'triggered' },
    ]);
  });
});
