import type { ReactElement } from 'react';
import { useHasScope } from '../api/access.js';
import type { Connection } from '../live/gate-state.js';
import { useConnection } from '../live/gate-live-store.js';
import { useTrouble } from '../live/reachability.js';

const WORDS: Readonly<Record<Connection, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  polling: 'Polling every second',
  lost: 'Connection lost',
  refused: 'Not live',
};

/**
 * Shows whether the data on the page is current; without the scope `observe`, it appears only when the connection is
 * lost.
 */
export function ConnectionIndicator(): ReactElement | null {
  const trouble = useTrouble();
  const told = useConnection();
  const connection = trouble === null ? told : 'lost';
  const mayWatch = useHasScope('observe');
  return mayWatch || connection === 'lost' ? (
    <span className="connection" data-state={connection} role="status">
      {trouble?.part === 'store' ? 'Store unreachable' : WORDS[connection]}
    </span>
  ) : null;
}
