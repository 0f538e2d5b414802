import type { ReactElement } from 'react';
import type { Connection } from '../live/gate-state.js';
import { useConnection } from '../live/live.js';

const WORDS: Readonly<Record<Connection, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  polling: 'Asking every second',
  lost: 'Connection lost',
  refused: 'Not for this key',
};

/** Whether what is shown is true now. */
export function ConnectionSign(): ReactElement {
  const connection = useConnection();
  return (
    <span className="connection" data-state={connection} role="status">
      {WORDS[connection]}
    </span>
  );
}
