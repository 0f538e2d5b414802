import { describe, expect, it } from '@jest/globals';
import type { IngestionSummary } from '../../api/types.js';
import { mergePage, type LoadedPage } from './merge-page.js';

const row = (ms: number, percent = 0): IngestionSummary =>
  ({
    ingestion_id: `id-${String(ms)}`,
    created_at: new Date(ms).toISOString(),
    progress: { percent },
  }) as IngestionSummary;
const page = (times: readonly number[], next: number | null, percent = 0): LoadedPage => ({
  after: null,
  rows: times.map((ms) => row(ms, percent)),
  next: next === null ? null : `${String(next)}-1`,
});
const timesOf = ({ rows }: LoadedPage): number[] => rows.map(({ created_at: at }) => Date.parse(at));

describe('A page that is read again', () => {
  it('shows the new state, and new rows in front without losing its end', () => {
    const merged = mergePage(page([50, 40, 30], 30), page([70, 60, 50], 50, 9), true);
    expect(timesOf(merged)).toEqual([70, 60, 50, 40, 30]);
    expect(merged.rows.map((each) => each.progress.percent)).toEqual([9, 9, 9, 0, 0]);
    expect(merged.next).toBe('30-1');
  });

  it('does not move while somebody reads it', () => {
    expect(timesOf(mergePage(page([50, 40], 40), page([60, 50], 50), false))).toEqual([50, 40]);
  });

  it('loses rows that match no longer', () => {
    expect(timesOf(mergePage(page([50, 40, 30], null), page([50, 30], null), true))).toEqual([50, 30]);
  });

  it('takes no row of the following page', () => {
    expect(timesOf(mergePage(page([50, 40], 40), page([50, 30, 20], 20), true))).toEqual([50]);
  });

  it('keeps rows of the same moment that the answer did not reach', () => {
    const merged = mergePage(page([50, 40, 40.0], null), page([50, 40], 40), true);
    expect(timesOf(merged)).toEqual([50, 40]);
  });
});
