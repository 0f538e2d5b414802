import type { ReactElement } from 'react';
import { healthOf } from '../../lanes/lane-state.js';
import { formatCount } from '../../ui/format.js';
import {
  DeadLettersCell,
  LaneName,
  LaneStateCell,
  LastErrorCell,
  PaceCell,
  PendingCell,
  type LaneRow,
} from './lane-facts.js';
import { formatOldest } from './lane-table.js';
import '../../ui/definition-list.css';

/** Shows a card for each lane: the table would not fit a narrow window. */
export function LaneCards({ rows }: { readonly rows: readonly LaneRow[] }): ReactElement {
  return (
    <ul className="lane-cards">
      {rows.map((row) => (
        <li key={row.name} className="panel lane-card" data-health={healthOf(row.queue)}>
          <h2>
            <LaneName name={row.name} />
          </h2>
          <LaneStateCell queue={row.queue} />
          <dl className="facts">
            <Fact title="Pending">
              <PendingCell {...row} />
            </Fact>
            <Fact title="Dispatches">
              <PaceCell {...row} />
            </Fact>
            <Fact title="Retries">{formatCount(row.queue.retries_waiting)}</Fact>
            <Fact title="In flight">{formatCount(row.queue.in_flight)}</Fact>
            <Fact title="Oldest">{formatOldest(row)}</Fact>
            <Fact title="Dead letters">
              <DeadLettersCell {...row} />
            </Fact>
            <Fact title="Last error">
              <LastErrorCell {...row} />
            </Fact>
          </dl>
        </li>
      ))}
    </ul>
  );
}

function Fact({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactElement | string;
}): ReactElement {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
