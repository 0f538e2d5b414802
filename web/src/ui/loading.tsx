import type { ReactElement } from 'react';
import { useTrouble } from '../live/reachability.js';
import { partName } from '../live/trouble-words.js';

/** Shows a loading message in place of data, or names the part that does not answer and prevents loading. */
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
