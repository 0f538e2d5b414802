import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { lastPauseQuery } from '../../api/queries.js';
import type { LaneSettings, Queue } from '../../api/types.js';
import { describeLaneState, healthOf, LANE_STATE_NAMES } from '../../lanes/lane-state.js';
import { useTrouble } from '../../live/reachability.js';
import { Confirm } from '../../ui/confirm.js';
import { formatCount, Time } from '../../ui/format.js';
import { formatPace } from '../gate/timeline.js';
import { RetireLane } from './retire-lane.js';
import { LaneSettingsPanel } from './lane-settings.js';

export type ControlAction = (what: 'pause' | 'resume', lane: string) => Promise<void>;

/** Shows the state of one lane and a button that pauses or resumes it. */
export function LaneControl({
  lane,
  name,
  queue,
  settings,
  control,
}: {
  readonly lane: string;
  readonly name: string;
  readonly queue: Queue;
  /** The settings of the lane: they tell who made it, and whether it is being retired; undefined while unknown. */
  readonly settings: LaneSettings | undefined;
  readonly control: ControlAction;
}): ReactElement {
  const waiting = queue.waiting.total + queue.retries_waiting;
  const standing = LANE_STATE_NAMES[queue.state];
  const isKnown = useTrouble() === null;
  /** Name of the lane for use within a sentence. */
  const target = name.replace(/^The /, 'the ');
  const why = describeLaneState(queue);
  return (
    <section className="panel control" data-health={isKnown ? healthOf(queue) : 'unknown'}>
      <div>
        <h2>
          {name} {isKnown ? 'is' : 'was'} {standing}
          {settings?.state === 'retiring' && <span className="retiring">retiring</span>}
        </h2>
        {settings?.state === 'retiring' && (
          <p>It takes no new lists, and is gone once nothing of it is pending or in flight.</p>
        )}
        <p className="muted">
          {queue.paused ? (
            <>
              No replica dispatches
              {queue.paused_at !== null && (
                <>
                  {' '}
                  since <Time value={queue.paused_at} />
                  <PausedBy lane={lane} pausedAt={queue.paused_at} />
                </>
              )}
              . Lists are still accepted.
            </>
          ) : (
            <>{formatPace(queue)}.</>
          )}{' '}
          {formatCount(waiting)} ids pending, {formatCount(queue.in_flight)} in flight.
          {!queue.paused && why !== null && ` ${why}`}
          {queue.paused &&
            queue.breaker.state !== 'closed' &&
            ' The breaker is open, too: the upstream fails.'}
          {queue.paused && queue.held_for_seconds > 0 && ' The upstream asked to wait, too.'}
        </p>
      </div>
      <div className="row">
        {settings?.made_by === 'api' && settings.state === 'active' && (
          <RetireLane lane={lane} queue={queue} />
        )}
        {queue.paused ? (
          <Confirm
            needs="admin"
            title={`Resume ${target}?`}
            text={`${formatCount(waiting)} ids are pending. Dispatching starts at once, at the allowed pace.`}
            action="Resume"
            onConfirm={() => void control('resume', lane)}
          >
            <button type="button" className="button primary" disabled={!isKnown}>
              Resume
            </button>
          </Confirm>
        ) : (
          <Confirm
            needs="admin"
            title={`Pause ${target}?`}
            text="All replicas stop dispatching until you resume, also across restarts. Calls in flight end as usual; lists are still accepted."
            action="Pause"
            isDanger
            onConfirm={() => void control('pause', lane)}
          >
            <button type="button" className="button danger" disabled={!isKnown}>
              Pause
            </button>
          </Confirm>
        )}
      </div>
      <LaneSettingsPanel lane={lane} queue={queue} />
    </section>
  );
}

/** Shows who paused the lane, as the audit log says; null while that is unknown. */
function PausedBy({
  lane,
  pausedAt,
}: {
  readonly lane: string;
  readonly pausedAt: string;
}): ReactElement | null {
  const { data } = useQuery(lastPauseQuery(lane, pausedAt));
  const who = data?.client ?? data?.address ?? null;
  return who === null ? null : <>, by {data?.client === null ? `a request from ${who}` : who}</>;
}
