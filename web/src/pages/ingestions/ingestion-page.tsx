import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Tabs } from 'radix-ui';
import type { ReactElement } from 'react';
import { ApiError } from '../../api/client.js';
import { deadLettersQuery, resultsQuery, statusQuery } from '../../api/queries.js';
import type { Ingestion } from '../../api/types.js';
import { DEFAULT_LANE, useLanes } from '../../lanes/lane.js';
import { describeLaneState, isStopped, isUpstreamAway } from '../../lanes/lane-state.js';
import { PageLink } from '../../lanes/page-link.js';
import { useTrouble } from '../../live/reachability.js';
import { RequireScope } from '../../shell/require-scope.js';
import { Loading } from '../../ui/loading.js';
import { IngestionTag, PriorityBadge } from '../../ui/badges.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { ProgressBar } from '../../ui/progress-bar.js';
import { StatusBadge } from '../../ui/status-badge.js';
import { formatCount, formatDuration, Time } from '../../ui/format.js';
import { IngestionActions } from './ingestion-actions.js';
import { BatchesTab } from './batches-tab.js';
import { EventLog } from './event-log.js';
import { isTerminal } from './is-terminal.js';
import '../../ui/table.css';
import '../../ui/definition-list.css';
import './ingestions.css';

const LIVE_MS = 1000;

/** Shows one list: its progress, batches, results, errors and events. */
export function IngestionPage(): ReactElement {
  return (
    <RequireScope scope="read" title="Ingestion">
      <OneIngestion />
    </RequireScope>
  );
}

function OneIngestion(): ReactElement {
  const { id } = useParams({ from: '/ingestions/$id' });
  const { data, error, refetch } = useQuery({
    ...statusQuery(id),
    refetchInterval: ({ state }) =>
      state.data === undefined || isTerminal(state.data) ? 5 * LIVE_MS : LIVE_MS,
  });
  if (error instanceof ApiError && error.status === 404) {
    return (
      <section className="panel">
        <h1>Ingestion not found</h1>
        <p className="muted">
          No ingestion has the id <span className="mono">{id}</span>.{' '}
          <PageLink to="/ingestions">All ingestions</PageLink>
        </p>
      </section>
    );
  }
  if (data === undefined) {
    return error === null ? <Loading /> : <ErrorMessage error={error} onRetry={() => void refetch()} />;
  }
  return (
    <div className="stack">
      <div className="row spread">
        <h1>
          Ingestion <IngestionTag id={id} link={false} />
        </h1>
        <IngestionActions ingestion={data} />
      </div>
      {error !== null && <ErrorMessage error={error} />}
      <Summary ingestion={data} />
      <Tabs.Root className="panel tabs" defaultValue="batches">
        <Tabs.List aria-label="Details">
          <Tabs.Trigger value="batches">Batches</Tabs.Trigger>
          <Tabs.Trigger value="results">Results</Tabs.Trigger>
          <Tabs.Trigger value="errors">Errors ({formatCount(data.progress.failed)})</Tabs.Trigger>
          <Tabs.Trigger value="events">Events</Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content value="batches">
          <BatchesTab ingestion={data} />
        </Tabs.Content>
        <Tabs.Content value="results">
          <Results ingestion={data} />
        </Tabs.Content>
        <Tabs.Content value="errors">
          <Errors id={id} count={data.progress.failed} />
        </Tabs.Content>
        <Tabs.Content value="events">
          <EventLog id={id} />
        </Tabs.Content>
      </Tabs.Root>
    </div>
  );
}

function Summary({ ingestion }: { readonly ingestion: Ingestion }): ReactElement {
  const {
    progress,
    ids_ahead: ahead,
    estimated_start_at: startAt,
    estimated_completion_at: doneAt,
  } = ingestion;
  const lanes = useLanes();
  const isKnown = useTrouble() === null;
  const queue = lanes.find(([name]) => name === ingestion.lane)?.[1];
  const isAway = !isKnown || (queue !== undefined && isUpstreamAway(queue));
  return (
    <section className="panel summary" aria-label="Progress of the ingestion">
      <p className="mono ingestion-id">{ingestion.ingestion_id}</p>
      <div className="row">
        <StatusBadge status={ingestion.status} />
        <PriorityBadge priority={ingestion.priority} />
        {ingestion.lane !== DEFAULT_LANE && <span>lane {ingestion.lane}</span>}
      </div>
      <ProgressBar progress={progress} label="Progress" />
      <dl className="facts">
        <Fact name="Completed">{formatCount(progress.completed)}</Fact>
        <Fact name="Failed">{formatCount(progress.failed)}</Fact>
        {progress.cancelled > 0 && <Fact name="Cancelled">{formatCount(progress.cancelled)}</Fact>}
        <Fact name="In flight or waiting for a retry">{formatCount(progress.in_flight)}</Fact>
        <Fact name="Yet to start">{formatCount(progress.yet_to_start)}</Fact>
        {progress.yet_to_start > 0 && <Fact name="Ids ahead">{formatCount(ahead)}</Fact>}
        {startAt !== null && progress.yet_to_start === progress.total && (
          <Fact name="Starts in">{isAway ? 'not known' : formatDuration(secondsUntil(startAt))}</Fact>
        )}
        {!isTerminal(ingestion) && (doneAt !== null || ingestion.estimate_unknown !== null) && (
          <Fact name="Done in">
            {isAway || doneAt === null ? 'not known' : formatDuration(secondsUntil(doneAt))}
          </Fact>
        )}
        {!isTerminal(ingestion) && queue !== undefined && (isStopped(queue) || queue.state === 'limited') && (
          <Fact name={`Lane ${ingestion.lane}`} isWide>
            {describeLaneState(queue) ?? ''}
          </Fact>
        )}
        <Fact name="Accepted">
          <Time value={ingestion.created_at} />
        </Fact>
        <Fact name="Last change">
          <Time value={ingestion.last_updated_at} />
        </Fact>
      </dl>
    </section>
  );
}

function secondsUntil(time: string): number {
  return Math.max(0, (Date.parse(time) - Date.now()) / 1000);
}

function Fact({
  name,
  isWide = false,
  children,
}: {
  readonly name: string;
  readonly isWide?: boolean;
  readonly children: ReactElement | string;
}): ReactElement {
  return (
    <div className={isWide ? 'wide' : undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Results({ ingestion }: { readonly ingestion: Ingestion }): ReactElement {
  const { data, error, hasNextPage, fetchNextPage } = useInfiniteQuery(
    resultsQuery(ingestion.ingestion_id, 0, 100, ingestion.last_updated_at),
  );
  const results = data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <>
      {error !== null && <ErrorMessage error={error} />}
      <div className="table-frame" tabIndex={0} role="region" aria-label="Table of results">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Id</th>
              <th scope="col">Status</th>
              <th scope="col">Response</th>
            </tr>
          </thead>
          <tbody>
            {results.map(({ id, status, data: answer, error: failure }, i) => (
              <tr key={i}>
                <td className="number">{String(id)}</td>
                <td>
                  <StatusBadge status={status} />
                </td>
                <td className="mono ingestion-id">{failure?.message ?? show(answer)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {hasNextPage && (
        <button type="button" className="button" onClick={() => void fetchNextPage()}>
          Load more
        </button>
      )}
    </>
  );
}

/** Formats an answer as JSON; bigints become strings, so that they stay exact. */
function show(answer: unknown): string {
  if (answer === undefined) {
    return '';
  }
  return JSON.stringify(answer, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

function Errors({ id, count }: { readonly id: string; readonly count: number }): ReactElement {
  const { data, error, hasNextPage, fetchNextPage } = useInfiniteQuery(deadLettersQuery(id, count));
  const letters = data?.pages.flatMap((page) => page.dead_letters) ?? [];
  if (error !== null) {
    return <ErrorMessage error={error} />;
  }
  return letters.length === 0 ? (
    <p className="muted">No failed ids.</p>
  ) : (
    <>
      <div className="table-frame" tabIndex={0} role="region" aria-label="Table of errors">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Id</th>
              <th scope="col">Kind</th>
              <th scope="col">Message</th>
              <th scope="col">Attempts</th>
              <th scope="col">Failed at</th>
            </tr>
          </thead>
          <tbody>
            {letters.map((letter) => (
              <tr key={letter.position}>
                <td className="number">{String(letter.id)}</td>
                <td>{letter.error.kind}</td>
                <td>{letter.error.message}</td>
                <td className="number">{letter.attempts.length}</td>
                <td>
                  <Time value={letter.died_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {hasNextPage && (
        <button type="button" className="button" onClick={() => void fetchNextPage()}>
          Load more
        </button>
      )}
    </>
  );
}
