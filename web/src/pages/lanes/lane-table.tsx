import type { ReactElement } from 'react';
import { healthOf } from '../../lanes/lane-state.js';
import { formatCount, formatDuration } from '../../ui/format.js';
import {
  DeadLettersCell,
  LaneName,
  LaneStateCell,
  LastErrorCell,
  PaceCell,
  PendingCell,
  type LaneRow,
} from './lane-facts.js';
import '../../ui/table.css';

/** Shows a row for each lane. */
export function LaneTable({ rows }: { readonly rows: readonly LaneRow[] }): ReactElement {
  return (
    <div className="panel table-frame lanes-frame">
      <table className="table lanes-table">
        <thead>
          <tr>
            <th scope="col">Lane</th>
            <th scope="col">State</th>
            <th scope="col">Dispatches</th>
            <th scope="col" className="right">
              Pending
            </th>
            <th scope="col" className="right">
              Retries
            </th>
            <th scope="col" className="right">
              In flight
            </th>
            <th scope="col" className="right">
              Oldest
            </th>
            <th scope="col" className="right">
              Dead letters
            </th>
            <th scope="col">Last error</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} data-health={healthOf(row.queue)}>
              <th scope="row">
                <LaneName name={row.name} />
              </th>
              <td>
                <LaneStateCell queue={row.queue} />
              </td>
              <td>
                <PaceCell {...row} />
              </td>
              <td className="right">
                <PendingCell {...row} />
              </td>
              <Count of={row.queue.retries_waiting} />
              <Count of={row.queue.in_flight} />
              <td className="right oldest">{formatOldest(row)}</td>
              <td className="right mono">
                <DeadLettersCell {...row} />
              </td>
              <td>
                <LastErrorCell {...row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Count({ of }: { readonly of: number }): ReactElement {
  return (
    <td className="right mono" data-zero={of === 0 ? '' : undefined}>
      {formatCount(of)}
    </td>
  );
}

export function formatOldest({ activity }: LaneRow): string {
  const seconds = activity?.oldest_pending_seconds ?? null;
  return seconds === null ? '–' : formatDuration(Math.round(seconds));
}
