import type { ReactElement } from 'react';
import { PRIORITIES, type GateQueue, type Priority } from '../../api/types.js';
import { isUpstreamAway } from '../../lanes/lane-state.js';
import { useTrouble } from '../../live/reachability.js';
import { PriorityBadge } from '../../ui/badges.js';
import { formatCount, formatDuration } from '../../ui/format.js';
import '../../ui/definition-list.css';
import './pending-panel.css';

const NAMES = { HIGH: 'high', MEDIUM: 'medium', LOW: 'low' } as const;

/** Shows the number of pending ids of each priority, and the time until all are sent. */
export function PendingPanel({ queue }: { readonly queue: GateQueue }): ReactElement {
  const { waiting, retries_waiting: retries, in_flight: inFlight, empty_in_seconds: emptyIn } = queue;
  const of = (priority: Priority): number => waiting[NAMES[priority]];
  /** Number of pending ids with retries, as in the lane switch. */
  const all = waiting.total + retries;
  const isKnown = useTrouble() === null && !isUpstreamAway(queue);
  const wait = queue.paused ? 'paused' : emptyIn !== null && isKnown ? formatDuration(emptyIn) : 'not known';
  return (
    <section className="panel waiting-panel" aria-labelledby="waiting-title">
      <h2 id="waiting-title">Pending</h2>
      <div className="big-number">
        {formatCount(all)} <span>{all === 1 ? 'id' : 'ids'}</span>
      </div>
      <div className="shares" aria-hidden="true">
        {PRIORITIES.filter((priority) => of(priority) > 0).map((priority) => (
          <span key={priority} data-priority={priority} style={{ flexGrow: of(priority) }} />
        ))}
      </div>
      <dl className="facts">
        {PRIORITIES.map((priority) => (
          <div key={priority}>
            <dt>
              <PriorityBadge priority={priority} />
            </dt>
            <dd className="mono">{formatCount(of(priority))}</dd>
          </div>
        ))}
        <div>
          <dt>Retries</dt>
          <dd className="mono">{formatCount(retries)}</dd>
        </div>
        <div>
          <dt>In flight</dt>
          <dd className="mono">{formatCount(inFlight)}</dd>
        </div>
        <div>
          <dt>All sent in</dt>
          <dd className="mono">{all === 0 ? '–' : wait}</dd>
        </div>
      </dl>
    </section>
  );
}
