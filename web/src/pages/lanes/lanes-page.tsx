import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { deadLetterCountsQuery, laneActivityQuery, queuesQuery } from '../../api/queries.js';
import type { DeadLetterGroup } from '../../api/types.js';
import { healthOf } from '../../lanes/lane-state.js';
import { RequireScope } from '../../shell/require-scope.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { formatCount } from '../../ui/format.js';
import { useIsNarrow } from '../../ui/hooks.js';
import { Loading } from '../../ui/loading.js';
import { LaneCards } from './lane-cards.js';
import type { LaneRow } from './lane-facts.js';
import { LaneTable } from './lane-table.js';
import './lanes.css';

/** Shows all lanes at once: state, pace, pending ids and errors of each. */
export function LanesPage(): ReactElement {
  return (
    <RequireScope scope="observe" title="Lanes">
      <Lanes />
    </RequireScope>
  );
}

function Lanes(): ReactElement {
  const queues = useQuery(queuesQuery());
  const activity = useQuery(laneActivityQuery());
  const counts = useQuery(deadLetterCountsQuery({})).data;
  const isNarrow = useIsNarrow();
  const error = queues.error ?? activity.error;
  const rows = Object.entries(queues.data?.lanes ?? {}).map(([name, queue]): LaneRow => ({
    name,
    queue,
    activity: activity.data?.lanes[name] ?? null,
    deadLetters: counts === undefined ? null : deadLettersIn(name, counts.groups),
  }));
  return (
    <div className="stack">
      <div className="row spread">
        <h1>Lanes</h1>
        {rows.length > 0 && <Summary rows={rows} />}
      </div>
      {error !== null && (
        <ErrorMessage
          error={error}
          onRetry={() => {
            void queues.refetch();
            void activity.refetch();
          }}
        />
      )}
      {rows.length === 0 ? (
        error === null && <Loading />
      ) : isNarrow ? (
        <LaneCards rows={rows} />
      ) : (
        <LaneTable rows={rows} />
      )}
    </div>
  );
}

function deadLettersIn(lane: string, groups: readonly DeadLetterGroup[]): number {
  return groups.reduce((sum, group) => (group.lane === lane ? sum + group.ids : sum), 0);
}

/** Shows how many lanes need attention, and the sums over all lanes. */
function Summary({ rows }: { readonly rows: readonly LaneRow[] }): ReactElement {
  const count = (health: ReturnType<typeof healthOf>): number =>
    rows.filter(({ queue }) => healthOf(queue) === health).length;
  const pending = rows.reduce((sum, { queue }) => sum + queue.waiting.total + queue.retries_waiting, 0);
  const [broken, stopped] = [count('broken'), count('stopped')];
  return (
    <ul className="lane-summary" aria-label="All lanes">
      {broken > 0 && <li data-health="broken">{formatCount(broken)} not sending</li>}
      {stopped > 0 && <li data-health="stopped">{formatCount(stopped)} paused</li>}
      <li>{formatCount(rows.length)} lanes</li>
      <li>{formatCount(pending)} ids pending</li>
    </ul>
  );
}
