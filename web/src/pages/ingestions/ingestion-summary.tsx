import type { ReactElement, ReactNode } from 'react';
import type { Ingestion } from '../../api/types.js';
import { DEFAULT_LANE, useLanes } from '../../lanes/lane.js';
import { isUpstreamAway } from '../../lanes/lane-state.js';
import { useTrouble } from '../../live/reachability.js';
import { Age } from '../../ui/age.js';
import { PriorityBadge } from '../../ui/badges.js';
import { CopyButton } from '../../ui/copy-button.js';
import { formatCount, formatDuration } from '../../ui/format.js';
import { ProgressBar } from '../../ui/progress-bar.js';
import { StatusBadge } from '../../ui/status-badge.js';
import { isTerminal } from './is-terminal.js';
import '../../ui/definition-list.css';

/** Shows the progress of a list, its labels and times. */
export function IngestionSummary({ ingestion }: { readonly ingestion: Ingestion }): ReactElement {
  const { progress, estimated_start_at: startAt, estimated_completion_at: doneAt, labels = {} } = ingestion;
  const lanes = useLanes();
  const isKnown = useTrouble() === null;
  const queue = lanes.find(([name]) => name === ingestion.lane)?.[1];
  const isAway = !isKnown || (queue !== undefined && isUpstreamAway(queue));
  const hasEnded = isTerminal(ingestion);
  return (
    <section className="panel summary" aria-label="Progress of the ingestion">
      <p className="mono ingestion-id">
        {ingestion.ingestion_id} <CopyButton text={ingestion.ingestion_id} what="The ingestion id" />
      </p>
      <div className="row">
        <StatusBadge status={ingestion.status} />
        <PriorityBadge priority={ingestion.priority} />
        {ingestion.lane !== DEFAULT_LANE && <span>lane {ingestion.lane}</span>}
        {ingestion.cancel_reason === 'expired' && <span className="muted">expired</span>}
        {ingestion.units !== undefined && <span className="muted">{ingestion.units} units per id</span>}
        {Object.entries(labels).map(([name, value]) => (
          <PageLabel key={name} label={`${name}=${value}`} />
        ))}
      </div>
      <ProgressBar progress={progress} label="Progress" />
      <dl className="facts">
        <Fact name="Completed">{formatCount(progress.completed)}</Fact>
        <Fact name="Failed">{formatCount(progress.failed)}</Fact>
        {progress.cancelled > 0 && <Fact name="Cancelled">{formatCount(progress.cancelled)}</Fact>}
        {!hasEnded && (
          <>
            <Fact name="In flight or retrying">{formatCount(progress.in_flight)}</Fact>
            <Fact name="Yet to start">{formatCount(progress.yet_to_start)}</Fact>
          </>
        )}
        {startAt !== null && progress.yet_to_start === progress.total && (
          <Fact name="Starts in">{isAway ? 'not known' : formatDuration(secondsUntil(startAt))}</Fact>
        )}
        {!hasEnded && (doneAt !== null || ingestion.estimate_unknown !== null) && (
          <Fact name="Done in">
            {isAway || doneAt === null ? 'not known' : formatDuration(secondsUntil(doneAt))}
          </Fact>
        )}
        <Fact name="Accepted">
          <Age value={ingestion.created_at} />
        </Fact>
        {ingestion.not_before !== undefined && (
          <Fact name="Not before">
            <Age value={ingestion.not_before} />
          </Fact>
        )}
        {ingestion.expires_at !== undefined && (
          <Fact name={Date.parse(ingestion.expires_at) < Date.now() ? 'Expired' : 'Expires'}>
            <Age value={ingestion.expires_at} />
          </Fact>
        )}
        <Fact name={hasEnded ? 'Ended' : 'Last change'}>
          <Age value={ingestion.last_updated_at} />
        </Fact>
        {hasEnded && (
          <Fact name="Took">
            {formatDuration(
              Math.max(0, Date.parse(ingestion.last_updated_at) - Date.parse(ingestion.created_at)) / 1000,
            )}
          </Fact>
        )}
      </dl>
    </section>
  );
}

function PageLabel({ label }: { readonly label: string }): ReactElement {
  return (
    <a className="label" href={`#/ingestions?${new URLSearchParams({ label }).toString()}`} title={label}>
      {label}
    </a>
  );
}

function secondsUntil(time: string): number {
  return Math.max(0, (Date.parse(time) - Date.now()) / 1000);
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
