import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { deadLettersQuery } from '../../api/queries.js';
import { Age } from '../../ui/age.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { Loading } from '../../ui/loading.js';

/** Shows the ids of a list that failed for good. A new `count` leads to a new request. */
export function ErrorsTab({ id, count }: { readonly id: string; readonly count: number }): ReactElement {
  const { data, error, hasNextPage, fetchNextPage } = useInfiniteQuery(deadLettersQuery(id, count));
  if (data === undefined) {
    return error === null ? <Loading /> : <ErrorMessage error={error} />;
  }
  const letters = data.pages.flatMap((page) => page.dead_letters);
  return letters.length === 0 ? (
    <p className="muted">No failed ids. Ids that are sent again are listed above and in the timeline.</p>
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
              <th scope="col">Failed</th>
            </tr>
          </thead>
          <tbody>
            {letters.map((letter) => (
              <tr key={letter.position}>
                <td className="number">{String(letter.id)}</td>
                <td>{letter.error.kind}</td>
                <td className="ingestion-id">{letter.error.message}</td>
                <td className="number">{letter.attempts.length}</td>
                <td>
                  <Age value={letter.died_at} />
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
