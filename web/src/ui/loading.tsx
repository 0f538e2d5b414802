import type { ReactElement } from 'react';
import { useTrouble } from '../live/reachability.js';
import { partName } from '../live/trouble-words.js';

/** Stands where data will be: says that it is loading, or why it cannot be loaded now. */
export function Loading(): ReactElement {
  const trouble = useTrouble();
  return (
    <p className="muted" role="status">
      {trouble === null
        ? 'Loading …'
        : `Not known: ${partName(trouble)} does not answer. Loads when it is back.`}
    </p>
  );
}
