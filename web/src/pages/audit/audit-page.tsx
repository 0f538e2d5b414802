import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { compactQuery } from '../../api/client.js';
import { auditQuery } from '../../api/queries.js';
import { LaneFilter } from '../../lanes/lane-filter.js';
import { useChosenLane } from '../../lanes/lane.js';
import { AUDIT_ACTIONS, type AuditSearch, type SearchChange } from '../../router-search.js';
import { RequireScope } from '../../shell/require-scope.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { Select, TextFilter, TimeFilter } from '../../ui/filters.js';
import { LoadMore } from '../../ui/load-more.js';
import { Loading } from '../../ui/loading.js';
import { AuditTable } from './audit-table.js';
import { ACTION_NAMES } from './audit-words.js';

const LIVE_MS = 5000;

/** Shows who changed what, the newest first. */
export function AuditPage(): ReactElement {
  return (
    <RequireScope scope="observe" title="Audit">
      <Audit />
    </RequireScope>
  );
}

function Audit(): ReactElement {
  const lane = useChosenLane();
  const filter = useSearch({ from: '/audit' });
  const navigate = useNavigate({ from: '/audit' });
  const query = useInfiniteQuery({
    ...auditQuery({ ...filter, lane: lane ?? undefined }),
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? LIVE_MS : false),
  });
  const { data, error, refetch } = query;
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  const narrow = (change: SearchChange<AuditSearch>): void => {
    void navigate({ search: compactQuery({ ...filter, lane, ...change }), replace: true });
  };
  return (
    <div className="stack">
      <h1>Audit</h1>
      <div className="filters" role="group" aria-label="Filter">
        <Select
          label="Action"
          value={filter.action ?? ''}
          options={AUDIT_ACTIONS.map((action) => [action, ACTION_NAMES[action]])}
          onChange={(action) => {
            narrow({ action });
          }}
        />
        <TextFilter
          label="Client"
          value={filter.client ?? ''}
          onChange={(client) => {
            narrow({ client });
          }}
        />
        <TextFilter
          label="Ingestion or other id"
          isLong
          value={filter.target ?? ''}
          onChange={(target) => {
            narrow({ target });
          }}
        />
        <LaneFilter
          onChange={(chosen) => {
            narrow({ lane: chosen });
          }}
        />
        <TimeFilter
          label="From"
          value={filter.from}
          onChange={(from) => {
            narrow({ from });
          }}
        />
        <TimeFilter
          label="To"
          value={filter.to}
          onChange={(to) => {
            narrow({ to });
          }}
        />
        {hasFilter(filter, lane) && (
          <button type="button" className="button small" onClick={() => void navigate({ search: {} })}>
            Clear
          </button>
        )}
      </div>
      {error !== null && <ErrorMessage error={error} onRetry={() => void refetch()} />}
      <section className="panel" aria-label="Entries">
        {data === undefined ? (
          error === null && <Loading />
        ) : entries.length === 0 ? (
          <p className="muted">No entries{hasFilter(filter, lane) ? ' match the filter' : ' yet'}.</p>
        ) : (
          <AuditTable entries={entries} />
        )}
        <LoadMore query={query} />
      </section>
    </div>
  );
}

function hasFilter(filter: AuditSearch, lane: string | null): boolean {
  return lane !== null || Object.values(filter).some((each) => each !== undefined);
}
