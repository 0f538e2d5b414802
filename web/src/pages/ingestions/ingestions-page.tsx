import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactElement, type SyntheticEvent } from 'react';
import { ingestionsQuery, type IngestionFilter } from '../../api/queries.js';
import { PRIORITIES, STATUSES, type IngestionSummary } from '../../api/types.js';
import { LaneSwitch } from '../../lanes/lane-switch.js';
import { useChosenLane } from '../../lanes/lane.js';
import { PageLink } from '../../lanes/page-link.js';
import { RequireScope } from '../../shell/require-scope.js';
import { Loading } from '../../ui/loading.js';
import { IngestionTag, PriorityBadge } from '../../ui/badges.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { ProgressBar } from '../../ui/progress-bar.js';
import { STATUS_NAMES, StatusBadge } from '../../ui/status-badge.js';
import { Time } from '../../ui/format.js';
import '../../ui/table.css';
import './ingestions.css';

const LIVE_MS = 3000;
/** Number of loaded pages up to which the table is refreshed. */
const LIVE_PAGES = 1;

/** Shows all lists, the newest first. */
export function IngestionsPage(): ReactElement {
  return (
    <RequireScope scope="read" title="Ingestions">
      <Ingestions />
    </RequireScope>
  );
}

function Ingestions(): ReactElement {
  const lane = useChosenLane() ?? undefined;
  const [filter, setFilter] = useState<IngestionFilter>({});
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    ...ingestionsQuery({ ...filter, lane }),
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= LIVE_PAGES ? LIVE_MS : false),
  });
  const ingestions = data?.pages.flatMap((page) => page.ingestions) ?? [];
  return (
    <div className="stack">
      <div className="row spread">
        <h1>Ingestions</h1>
        <Search />
      </div>
      <div className="row">
        <Select
          label="Status"
          value={filter.status ?? ''}
          options={STATUSES.map((status) => [status, STATUS_NAMES[status]])}
          onChange={(status) => {
            setFilter({ ...filter, status: STATUSES.find((each) => each === status) });
          }}
        />
        <Select
          label="Priority"
          value={filter.priority ?? ''}
          options={PRIORITIES.map((priority) => [priority, priority])}
          onChange={(priority) => {
            setFilter({ ...filter, priority: PRIORITIES.find((each) => each === priority) });
          }}
        />
        <LaneSwitch withAll />
      </div>
      {error !== null && <ErrorMessage error={error} onRetry={() => void refetch()} />}
      <section className="panel" aria-label="Ingestions">
        {data === undefined ? (
          <Loading />
        ) : ingestions.length === 0 ? (
          <p className="muted">
            No ingestions found. <PageLink to="/submit">Submit a list</PageLink>
          </p>
        ) : (
          <IngestionTable ingestions={ingestions} />
        )}
        {hasNextPage && (
          <button
            type="button"
            className="button"
            disabled={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            Load more
          </button>
        )}
      </section>
    </div>
  );
}

function IngestionTable({ ingestions }: { readonly ingestions: readonly IngestionSummary[] }): ReactElement {
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Table of ingestions">
      <table className="table of-lists">
        <thead>
          <tr>
            <th scope="col">Mark</th>
            <th scope="col">Ingestion</th>
            <th scope="col">Priority</th>
            <th scope="col">Status</th>
            <th scope="col">Progress</th>
            <th scope="col">Accepted</th>
          </tr>
        </thead>
        <tbody>
          {ingestions.map((each) => (
            <tr key={each.ingestion_id}>
              <td>
                <IngestionTag id={each.ingestion_id} link={false} />
              </td>
              <td>
                <PageLink className="mono" to={`/ingestions/${each.ingestion_id}`}>
                  {each.ingestion_id}
                </PageLink>
              </td>
              <td>
                <PriorityBadge priority={each.priority} />
              </td>
              <td>
                <StatusBadge status={each.status} />
              </td>
              <td>
                <ProgressBar progress={each.progress} label={`Progress of ${each.ingestion_id}`} />
              </td>
              <td>
                <Time value={each.created_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Search(): ReactElement {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const search = (event: SyntheticEvent): void => {
    event.preventDefault();
    const id = text.trim();
    if (id !== '') {
      void navigate({ to: '/ingestions/$id', params: { id }, search: true });
    }
  };
  return (
    <form className="row" role="search" onSubmit={search}>
      <input
        type="search"
        className="mono search"
        aria-label="An ingestion’s id"
        placeholder="ingestion_id"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <button type="submit" className="button">
        Find
      </button>
    </form>
  );
}

function Select({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}): ReactElement {
  return (
    <label className="field inline">
      <span>{label}</span>
      <select
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      >
        <option value="">all</option>
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
