import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, type ReactElement } from 'react';
import { resultsQuery } from '../../api/queries.js';
import { STATUSES, type Ingestion, type Status } from '../../api/types.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { ExportButtons } from '../../ui/export-buttons.js';
import { Select } from '../../ui/filters.js';
import { Loading } from '../../ui/loading.js';
import { STATUS_NAMES, StatusBadge } from '../../ui/status-badge.js';

const PAGE_SIZE = 100;

/** Shows the result of each id, all or those of one outcome, and downloads them. */
export function ResultsTab({
  ingestion,
  outcome,
}: {
  readonly ingestion: Ingestion;
  readonly outcome: Status | undefined;
}): ReactElement {
  const navigate = useNavigate({ from: '/ingestions/$id' });
  const { ingestion_id: id } = ingestion;
  const { data, error, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(
    resultsQuery(id, 0, PAGE_SIZE, ingestion.last_updated_at, outcome),
  );
  const results = data?.pages.flatMap((page) => page.results) ?? [];
  // a page without an id of this outcome says nothing about the following pages
  const isSearching = results.length === 0 && hasNextPage && error === null;
  useEffect(() => {
    if (isSearching && !isFetching) {
      void fetchNextPage();
    }
  }, [isSearching, isFetching, fetchNextPage]);
  const query = outcome === undefined ? '' : `?status=${outcome}`;
  return (
    <div className="stack">
      <div className="row spread">
        <Select
          label="Outcome"
          value={outcome ?? ''}
          options={STATUSES.map((each) => [each, STATUS_NAMES[each]])}
          onChange={(value) => {
            void navigate({
              search: (old) => ({ ...old, outcome: STATUSES.find((each) => each === value) }),
              replace: true,
            });
          }}
        />
        <ExportButtons
          path={`ingestions/${id}/results${query}`}
          fileName={`results-${id}`}
          types={['NDJSON']}
        />
      </div>
      {error !== null && <ErrorMessage error={error} />}
      {(data === undefined && error === null) || isSearching ? (
        <Loading />
      ) : results.length === 0 && error === null ? (
        <p className="muted">No id is {STATUS_NAMES[outcome ?? 'completed']}.</p>
      ) : (
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
              {results.map(({ id: own, status, data: answer, error: failure }, i) => (
                <tr key={i}>
                  <td className="number">{String(own)}</td>
                  <td>
                    <StatusBadge status={status} />
                  </td>
                  <td className="mono ingestion-id">
                    {failure === undefined ? show(answer) : `${failure.kind}: ${failure.message}`}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hasNextPage && !isSearching && (
        <p>
          <button type="button" className="button" disabled={isFetching} onClick={() => void fetchNextPage()}>
            Load more
          </button>
        </p>
      )}
    </div>
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
