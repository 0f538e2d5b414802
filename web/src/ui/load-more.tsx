import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactElement } from 'react';

/** Loads the next page of a list; shows nothing on the last page. */
export function LoadMore({ query }: { readonly query: UseInfiniteQueryResult }): ReactElement | null {
  return query.hasNextPage ? (
    <button
      type="button"
      className="button"
      disabled={query.isFetchingNextPage}
      onClick={() => void query.fetchNextPage()}
    >
      Load more
    </button>
  ) : null;
}
