import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore, type ReactElement } from 'react';
import { useAccess } from '../../api/access.js';
import { useChosenLane } from '../../lanes/lane.js';
import { PageLink } from '../../lanes/page-link.js';
import { RequireScope } from '../../shell/require-scope.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { ExportButtons } from '../../ui/export-buttons.js';
import { formatCount, formatTime } from '../../ui/format.js';
import { Loading } from '../../ui/loading.js';
import { BulkBar } from './bulk-bar.js';
import { ChosenBar } from './chosen-bar.js';
import { FilterBar } from './filter-bar.js';
import {
  parseIngestionSearch,
  toIngestionQuery,
  toParameters,
  type IngestionSearch,
} from './ingestion-filter.js';
import { pagesOf, type IngestionRows } from './ingestion-pages.js';
import { IngestionTable, type VisibleRows } from './ingestion-table.js';
import { SearchBox } from './search-box.js';
import { useChoice } from './use-choice.js';
import { useScrollMemory } from './use-scroll-memory.js';
import './ingestions.css';

const REFRESH_MS = 3000;
/** The next page is loaded when fewer rows than this are below the screen. */
const ROWS_AHEAD = 150;
/** Pages without a match after which the user decides whether to search on. */
const MAX_EMPTY_PAGES = 25;

/** Shows the ingestions that match a filter, the newest first. */
export function IngestionsPage(): ReactElement {
  return (
    <RequireScope scope="read" title="Ingestions">
      <Ingestions />
    </RequireScope>
  );
}

function Ingestions(): ReactElement {
  const lane = useChosenLane();
  const search = parseIngestionSearch(useSearch({ from: '/ingestions' }));
  const pages = pagesOf(search, lane);
  const state = useSyncExternalStore(pages.subscribe, pages.getState);
  const visible = useRef<VisibleRows>({ first: 0, last: 0 });
  const [nowMs, setNowMs] = useState(() => Date.now());
  const { lanes, isKeyed } = useAccess();
  useScrollMemory(state.isLoaded);
  const loadAhead = useCallback(
    (rows: VisibleRows) => {
      visible.current = rows;
      const { rows: loaded, hasMore, emptyPages, error } = pages.getState();
      if (
        hasMore &&
        error === null &&
        emptyPages < MAX_EMPTY_PAGES &&
        loaded.length - rows.last < ROWS_AHEAD
      ) {
        void pages.loadNext();
      }
    },
    [pages],
  );
  useEffect(() => {
    loadAhead(visible.current);
  }, [loadAhead, state]);
  useEffect(() => {
    const refresh = (): void => {
      if (!document.hidden) {
        const { first, last } = visible.current;
        setNowMs(Date.now());
        void (pages.getState().isLoaded ? pages.refresh(first, last) : pages.loadNext());
      }
    };
    refresh();
    const timer = setInterval(refresh, REFRESH_MS);
    return () => {
      clearInterval(timer);
    };
  }, [pages]);
  const { rows, isLoaded, hasMore, error } = state;
  const { chosen, choose, clear } = useChoice(pages);
  const chosenRows = chosen.size === 0 ? [] : rows.filter(({ ingestion_id: id }) => chosen.has(id));
  return (
    <div className="stack">
      <div className="row spread">
        <h1>Ingestions</h1>
        <SearchBox />
      </div>
      <FilterBar search={search} />
      {error !== null && (
        <ErrorMessage
          error={error}
          onRetry={() => {
            void pages.loadNext();
          }}
        />
      )}
      <section className="panel" aria-label="Ingestions">
        <div className="row spread list-status">
          <p className="muted" role="status">
            {isLoaded && describe(state)}
          </p>
          <div className="row">
            {chosenRows.length > 0 ? (
              <ChosenBar ingestions={chosenRows} onClear={clear} />
            ) : (
              rows.length > 0 && <BulkBar filter={toIngestionQuery(search, lane, Date.now())} />
            )}
            <ExportButtons path={toExportPath(search, lane)} fileName="ingestions" />
          </div>
        </div>
        {!isLoaded && error === null && <Loading />}
        {isLoaded && rows.length === 0 && !hasMore && <Empty isFiltered={isFiltered(search, lane)} />}
        {rows.length > 0 && (
          <IngestionTable
            rows={rows}
            hasMore={hasMore}
            nowMs={nowMs}
            chosen={chosen}
            choose={choose}
            columns={{
              lane: lanes.length > 1 && lane === null,
              client: isKeyed || state.hasClients,
            }}
            onVisible={loadAhead}
          />
        )}
        {isLoaded && hasMore && (
          <p className="row muted">
            {state.emptyPages >= MAX_EMPTY_PAGES && !state.isLoading ? (
              <button type="button" className="button" onClick={() => void pages.loadNext()}>
                Search further back
              </button>
            ) : (
              'Loading older ones …'
            )}
          </p>
        )}
      </section>
    </div>
  );
}

function isFiltered(search: IngestionSearch, lane: string | null): boolean {
  return lane !== null || Object.keys(search).length > 0;
}

function toExportPath(search: IngestionSearch, lane: string | null): string {
  const parameters = toParameters(toIngestionQuery(search, lane, Date.now()));
  return `ingestions${parameters === '' ? '' : `?${parameters}`}`;
}

function describe({ rows, hasMore }: IngestionRows): string {
  const last = rows.at(-1);
  if (last === undefined) {
    return hasMore ? 'None found so far.' : '';
  }
  const count = `${formatCount(rows.length)} ${rows.length === 1 ? 'ingestion' : 'ingestions'}`;
  return hasMore
    ? `${count} loaded, back to ${formatTime(last.created_at)}; older ones follow.`
    : `${count}.`;
}

function Empty({ isFiltered: hasFilter }: { readonly isFiltered: boolean }): ReactElement {
  const navigate = useNavigate();
  return hasFilter ? (
    <p className="empty muted">
      No ingestion matches this filter.{' '}
      <button
        type="button"
        className="button small"
        onClick={() => void navigate({ to: '/ingestions', search: {} })}
      >
        Clear the filter
      </button>
    </p>
  ) : (
    <p className="empty muted">
      No ingestions yet. <PageLink to="/submit">Submit a list</PageLink>
    </p>
  );
}
