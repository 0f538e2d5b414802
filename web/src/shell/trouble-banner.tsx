import type { ReactElement } from 'react';
import { useTrouble } from '../live/reachability.js';
import { describeTrouble, shownTime } from '../live/trouble-words.js';
import './trouble-banner.css';

/** Shows a banner above every page while the service or its store does not answer. */
export function TroubleBanner(): ReactElement {
  const trouble = useTrouble();
  const shown = trouble === null ? null : shownTime(trouble);
  return (
    <div className="trouble" role="alert" hidden={trouble === null}>
      {trouble !== null && (
        <p>
          <strong>{describeTrouble(trouble)}</strong>{' '}
          {shown === null ? 'Nothing is known yet.' : `The data below is as of ${shown}.`}
        </p>
      )}
    </div>
  );
}
