import type { ReactElement } from 'react';
import type { Queue } from '../api/types.js';
import { describeLaneState, isStopped } from './lane-state.js';
import './lane-state-line.css';

/** Shows why the lane sends nothing; null if the lane sends or has nothing to send. */
export function LaneStateLine({ queue }: { readonly queue: Queue }): ReactElement | null {
  const words = describeLaneState(queue);
  return words === null ? null : (
    <p className="lane-state" data-stopped={isStopped(queue) ? '' : undefined} role="status">
      {words}
    </p>
  );
}
