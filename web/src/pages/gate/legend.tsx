import type { ReactElement } from 'react';
import { PRIORITIES } from '../../api/types.js';
import { PriorityShape } from '../../ui/badges.js';
import './legend.css';

/** Explains the marks of the timeline. */
export function Legend(): ReactElement {
  return (
    <ul className="legend" aria-label="Legend">
      {PRIORITIES.map((priority) => (
        <li key={priority}>
          <span className="chip sample" data-priority={priority}>
            <PriorityShape priority={priority} />
          </span>
          {priority}
        </li>
      ))}
      <li>
        <span className="dot" style={{ '--hue': 190 }} />
        <span className="dot" style={{ '--hue': 310 }} />
        the ingestion of the ids
      </li>
      <li>
        <span className="slot-sample" data-why="idle" /> idle slot
      </li>
      <li>
        <span className="slot-sample" data-why="missed" /> missed slot
      </li>
      <li>
        <span className="slot-sample" data-why="held" /> held by the upstream (Retry-After)
      </li>
      <li>
        <span className="slot-sample" data-why="limited" /> limit used up, or filling
      </li>
      <li>
        <span className="slot-sample" data-why="breaker_open" /> breaker open: the upstream fails
      </li>
    </ul>
  );
}
