import type { ReactElement } from 'react';
import type { Queue } from '../api/types.js';
import { describeLaneState, isStopped } from './lane-state.js';
import './lane-state-line.css';

/** Why the lane sends nothing; nothing where it sends, or where no id waits. */
export function LaneStateLine({ queue }: { readonly queue: Queue }): ReactElement | null {
  const words = describeLaneState(queue);
  return words === null ? null : (
    <p className="lane-state" data-stopped={isStopped(queue) ? '' : undefined} role="status">
      {words}
    </p>
  );
}
