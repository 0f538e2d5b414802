/** @jest-environment jsdom */
import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanup, render, screen } from '@testing-library/react';
import type { Dispatch } from '../../api/types.js';
import { DispatchCard } from './dispatch-card.js';

const ID = '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c';

const dispatch: Dispatch = {
  dispatch_id: 'd',
  started_at: '2026-11-24T10:00:00.000Z',
  ended_at: '2026-11-24T10:00:01.500Z',
  duration_ms: 1500,
  outcome: 'settled',
  completed: 2,
  unsuccessful: 0,
  parts: [{ ingestion_id: ID, priority: 'HIGH', size: 2, retry: true, ids: [6n, 10000000000000000007n] }],
};

describe('The card of a dispatch', () => {
  afterEach(cleanup);

  it('shows ids to the last digit under the mark of their list, which leads to it', () => {
    render(<DispatchCard dispatch={dispatch} />);
    screen.getByText('10000000000000000007');
    screen.getByText('again');
    expect(screen.getByRole('link', { name: 'Ingestion 0b1c' }).getAttribute('href')).toBe(
      `#/ingestions/${ID}`,
    );
  });

  it('says how it ended', () => {
    const { rerender } = render(<DispatchCard dispatch={dispatch} />);
    screen.getByText('✓ 1.5 s');
    rerender(<DispatchCard dispatch={{ ...dispatch, unsuccessful: 1 }} />);
    screen.getByText('✕ 1 did not succeed');
    rerender(<DispatchCard dispatch={{ ...dispatch, outcome: 'in_flight' }} />);
    screen.getByText('in flight');
    rerender(<DispatchCard dispatch={{ ...dispatch, outcome: 'released' }} />);
    screen.getByText('released');
  });

  it('shows retries of one list under one mark', () => {
    const part = { ingestion_id: ID, priority: 'LOW' as const, size: 1, retry: true };
    const parts = [
      { ...part, ids: [1n] },
      { ...part, ids: [2n] },
      { ...part, retry: false, ids: [3n] },
    ];
    render(<DispatchCard dispatch={{ ...dispatch, parts }} />);
    expect(screen.getAllByRole('link')).toHaveLength(2);
    expect(screen.getAllByText('again')).toHaveLength(1);
  });

  it('has room for a few ids, and says how many more there are', () => {
    const parts = [
      { ingestion_id: ID, priority: 'LOW' as const, size: 1000, retry: false, ids: [1n, 2n, 3n, 4n, 5n] },
    ];
    render(<DispatchCard dispatch={{ ...dispatch, parts }} />);
    screen.getByText('+ 996 more');
    expect(screen.queryByText('5')).toBeNull();
  });
});
