import { describe, expect, it } from '@jest/globals';
import { formatStatus, type IngestionStatus } from './ingestion-status.js';

const PROGRESS = {
  total: 3,
  yet_to_start: 3,
  in_flight: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  percent: 0,
};
const STATUS: IngestionStatus = {
  ingestion_id: '01a21dbe-835d-764e-a498-b8a20cabbf52',
  status: 'yet_to_start',
  priority: 'LOW',
  lane: 'default',
  created_at: '2026-11-24T10:00:00.000Z',
  last_updated_at: '2026-11-24T10:00:00.000Z',
  progress: PROGRESS,
  ids_ahead: 0,
  estimated_start_at: null,
  estimated_completion_at: null,
  estimate_unknown: null,
  held_by: null,
};

function wordsOf(status: Partial<IngestionStatus>): string {
  return [formatStatus({ ...STATUS, ...status })]
    .flat()
    .map((piece) => (typeof piece === 'string' ? piece : piece.text))
    .join('');
}

describe('The status of an ingestion in words', () => {
  it('says when an ingestion that is scheduled for later is due, and not after it was due', () => {
    const inAnHour = new Date(Date.now() + 3_599_900).toISOString();

    expect(wordsOf({ not_before: inAnHour })).toMatch(/, due in 1 h \(20/);
    expect(wordsOf({ not_before: '2026-11-24T10:00:00.000Z' })).not.toContain('due');
    expect(wordsOf({})).not.toContain('due');
  });

  it('tells what expired from what was cancelled', () => {
    const cancelled = {
      status: 'cancelled',
      progress: { ...PROGRESS, yet_to_start: 0, cancelled: 3 },
    } as const;

    expect(wordsOf({ ...cancelled, cancel_reason: 'expired' })).toMatch(/, 0 failed, 3 expired$/);
    expect(wordsOf(cancelled)).toMatch(/, 0 failed, 3 cancelled$/);
  });
});
