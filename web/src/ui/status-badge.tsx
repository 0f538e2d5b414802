import type { ReactElement } from 'react';
import type { Status } from '../api/types.js';
import './status-badge.css';

export const STATUS_NAMES: Readonly<Record<Status, string>> = {
  yet_to_start: 'yet to start',
  triggered: 'triggered',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

const SIGNS: Readonly<Record<Status, string>> = {
  yet_to_start: '○',
  triggered: '◐',
  completed: '✓',
  failed: '✕',
  cancelled: '–',
};

export function StatusBadge({ status }: { readonly status: Status }): ReactElement {
  return (
    <span className="status" data-status={status}>
      <span aria-hidden="true">{SIGNS[status]}</span>
      {STATUS_NAMES[status]}
    </span>
  );
}
