import { describe, expect, it } from '@jest/globals';
import type { Ingestion } from '../../api/types.js';
import { cellsOfProgress, MOST_CELLS } from './batch-map.js';

const ingestion = (total: number, yetToStart: number, inFlight = 0): Ingestion =>
  ({ progress: { total, yet_to_start: yetToStart, in_flight: inFlight } }) as unknown as Ingestion;

describe('The map of a long list', () => {
  it('has no more cells than a screen has room for, and every batch is in one', () => {
    const cells = cellsOfProgress(ingestion(1_000_000, 1_000_000), 3, []);
    expect(cells.length).toBeLessThanOrEqual(MOST_CELLS);
    expect(cells.reduce((sum, { size }) => sum + size, 0)).toBe(333_334);
    expect(cells.every(({ status }) => status === 'yet_to_start')).toBe(true);
  });

  it('shows how far it is, and where ids gave up', () => {
    const cells = cellsOfProgress(ingestion(18_000, 9000, 30), 3, [4500]);
    const statuses = cells.map(({ status }) => status);
    expect(cells).toHaveLength(600);
    expect([statuses[0], statuses[150], statuses[299], statuses[300]]).toEqual([
      'completed',
      'failed',
      'triggered',
      'yet_to_start',
    ]);
  });
});
