import { useInfiniteQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect, type ReactElement } from 'react';
import type { Id } from '../../api/exact-json.js';
import { idSearchQuery } from '../../api/queries.js';
import { PageLink } from '../../lanes/page-link.js';
import { RequireScope } from '../../shell/require-scope.js';
import { Age } from '../../ui/age.js';
import { IngestionTag, PriorityBadge } from '../../ui/badges.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { formatCount } from '../../ui/format.js';
import { StatusBadge } from '../../ui/status-badge.js';
import { SearchBox } from '../ingestions/search-box.js';
import { isMark, toSearchTarget } from '../ingestions/search-target.js';
import '../../ui/table.css';
import '../ingestions/ingestions.css';

/** Requests without the user’s asking: about 20,000,000 ids. */
const MAX_AUTOMATIC_PAGES = 10;

/** Shows which ingestions have an id, and how far the id is in each. */
export function SearchPage(): ReactElement {
  return (
    <RequireScope scope="read" title="Find an id">
      <Found />
    </RequireScope>
  );
}

function Found(): ReactElement {
  const { id } = useParams({ from: '/find/$id' });
  const target = toSearchTarget(id);
  return (
    <div className="stack">
      <div className="row spread">
        <h1>Where is {id}?</h1>
        <SearchBox />
      </div>
      {target?.kind === 'id' ? (
        <Places key={id} id={BigInt(target.id)} />
      ) : (
        <p className="muted">This is not an id: ids are integers from 1 on.</p>
      )}
      {isMark(id) && (
        <p className="muted">
          Or did you mean{' '}
          <a href={`#/ingestions?mark=${encodeURIComponent(`"${id}"`)}`}>
            the ingestions whose own id begins or ends with {id}
          </a>
          ?
        </p>
      )}
    </div>
  );
}

function Places({ id }: { readonly id: Id }): ReactElement {
  const { data, error, hasNextPage, isFetching, fetchNextPage, refetch } = useInfiniteQuery(
    idSearchQuery(id),
  );
  const pages = data?.pages ?? [];
  const goesOn = hasNextPage && !isFetching && error === null && pages.length < MAX_AUTOMATIC_PAGES;
  useEffect(() => {
    if (goesOn) {
      void fetchNextPage();
    }
  }, [goesOn, fetchNextPage]);
  const found = pages.flatMap((page) => page.found);
  const ids = pages.reduce((sum, page) => sum + page.searched_ids, 0);
  const isComplete = data !== undefined && !hasNextPage;
  return (
    <section className="panel stack" aria-label="Where the id is">
      <p className="muted" role="status">
        {isFetching ? 'Searching, the newest first: ' : ''}
        {formatCount(ids)} ids read{isComplete && ', all there are'}. {formatCount(found.length)} found.
      </p>
      {error !== null && <ErrorMessage error={error} onRetry={() => void refetch()} />}
      {found.length > 0 && (
        <div className="table-frame" tabIndex={0} role="region" aria-label="Table of places">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Status of the id</th>
                <th scope="col">Ingestion</th>
                <th scope="col">Place</th>
                <th scope="col">Lane</th>
                <th scope="col">Priority</th>
                <th scope="col">Accepted</th>
                <th scope="col">Error</th>
              </tr>
            </thead>
            <tbody>
              {found.map((place) => (
                <tr key={`${place.ingestion_id} ${String(place.position)}`}>
                  <td>
                    <StatusBadge status={place.status} />
                  </td>
                  <td>
                    <span className="row">
                      <IngestionTag id={place.ingestion_id} link={false} />
                      <PageLink className="mono ingestion-id" to={`/ingestions/${place.ingestion_id}`}>
                        {place.ingestion_id}
                      </PageLink>
                    </span>
                  </td>
                  <td className="number">{formatCount(place.position + 1)}</td>
                  <td>{place.lane}</td>
                  <td>
                    <PriorityBadge priority={place.priority} />
                  </td>
                  <td>
                    <Age value={place.created_at} />
                  </td>
                  <td>{place.error !== undefined && `${place.error.kind}: ${place.error.message}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {isComplete && found.length === 0 && <p>No ingestion that is still stored has this id.</p>}
      {hasNextPage && !isFetching && !goesOn && (
        <p>
          <button type="button" className="button" onClick={() => void fetchNextPage()}>
            Search further back
          </button>
        </p>
      )}
    </section>
  );
}
