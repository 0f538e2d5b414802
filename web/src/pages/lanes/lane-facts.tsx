import type { ReactElement } from 'react';
import { PRIORITIES, type LaneActivity, type Queue } from '../../api/types.js';
import { toHref } from '../../lanes/lane.js';
import { describeLaneState, healthOf, LANE_STATE_LABELS } from '../../lanes/lane-state.js';
import { PriorityShape } from '../../ui/badges.js';
import { Age } from '../../ui/age.js';
import { formatCount, formatTime } from '../../ui/format.js';
import { formatPace } from '../gate/timeline.js';

export interface LaneRow {
  readonly name: string;
  readonly queue: Queue;
  /** The recent activity of the lane; null while it is loading. */
  readonly activity: LaneActivity | null;
  /** Number of dead letters; null while that is loading. */
  readonly deadLetters: number | null;
}

const FIELDS = { HIGH: 'high', MEDIUM: 'medium', LOW: 'low' } as const;

/** Links the name of a lane to its gate. */
export function LaneName({ name }: { readonly name: string }): ReactElement {
  return (
    <a className="lane-name" href={toHref('/', name)}>
      {name}
    </a>
  );
}

/** Shows the state of a lane, and why it sends nothing if so. */
export function LaneStateCell({ queue }: { readonly queue: Queue }): ReactElement {
  const why = describeLaneState(queue);
  return (
    <div className="lane-state-cell" data-health={healthOf(queue)}>
      <strong>{LANE_STATE_LABELS[queue.state]}</strong>
      {why !== null && <p>{why}</p>}
      {queue.unwell_since !== null && (
        <p>No dispatch since {formatTime(queue.unwell_since)}, although one is due.</p>
      )}
    </div>
  );
}

/** Shows the dispatches of the last minute and the pace that is allowed. */
export function PaceCell({ queue, activity }: LaneRow): ReactElement {
  const delay = queue.pace.batch_delay_seconds;
  const allowed = delay === 0 ? null : 60 / delay;
  const used = activity?.dispatches_last_minute ?? null;
  const share = used === null || allowed === null ? null : Math.min(1, used / allowed);
  return (
    <div className="lane-pace">
      <span>
        <b className="mono">{used === null ? '–' : formatCount(used)}</b>
        {allowed === null ? ' a minute' : ` of ${formatCount(Math.round(allowed * 10) / 10)} a minute`}
      </span>
      {share !== null && (
        <span
          className="lane-meter"
          role="meter"
          aria-label="Slots used in the last minute"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(share * 100)}
        >
          <span style={{ width: `${String(share * 100)}%` }} />
        </span>
      )}
      <span className="muted">{formatPace(queue)}</span>
    </div>
  );
}

/** Shows the pending ids, in total and by priority. */
export function PendingCell({ queue: { waiting, retries_waiting: retries } }: LaneRow): ReactElement {
  return (
    <div className="lane-pending">
      <b className="mono">{formatCount(waiting.total + retries)}</b>
      {waiting.total > 0 && (
        <span className="row">
          {PRIORITIES.filter((priority) => waiting[FIELDS[priority]] > 0).map((priority) => (
            <span key={priority} className="badge" data-priority={priority} title={priority}>
              <PriorityShape priority={priority} />
              <span className="visually-hidden">{priority} </span>
              {formatCount(waiting[FIELDS[priority]])}
            </span>
          ))}
        </span>
      )}
    </div>
  );
}

/** Shows the number of dead letters, with a link to them. */
export function DeadLettersCell({ name, deadLetters }: LaneRow): ReactElement {
  return deadLetters === null || deadLetters === 0 ? (
    <span className="muted">{deadLetters ?? '–'}</span>
  ) : (
    <a className="lane-dead" href={toHref('/dead-letters', name)}>
      {formatCount(deadLetters)}
    </a>
  );
}

/** Shows the last error of a lane and its age. */
export function LastErrorCell({ activity }: LaneRow): ReactElement {
  const error = activity?.last_error ?? null;
  return error === null ? (
    <span className="muted">–</span>
  ) : (
    <div className="lane-error">
      <span title={error.message}>{error.message}</span>
      <span className="muted">
        <Age value={error.at} />
      </span>
    </div>
  );
}
