import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { dispatchesQuery } from '../../api/queries.js';
import type { Dispatch, DispatchView } from '../../api/types.js';
import { mergeDispatches } from '../../live/gate-state.js';

/** The timeline is asked for more before its end is seen. */
const PREFETCH_SLOTS = 12;

export interface HistoryWindow {
  readonly lane: string;
  /** Since when the picture stands still, on this page's clock; null while it moves. */
  readonly sinceMs: number | null;
  /** Slots by which one looks back. */
  readonly slotsBack: number;
  /** Slots from the newest of a timeline to its oldest. */
  readonly slotsOf: (dispatches: readonly Dispatch[]) => number;
}

/** What is known, and as much of what went before as is looked at. */
export function useDispatchHistory(
  known: readonly Dispatch[],
  { lane, sinceMs, slotsBack, slotsOf }: HistoryWindow,
): readonly Dispatch[] {
  const { data, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    ...dispatchesQuery(lane, sinceMs ?? 0),
    enabled: sinceMs !== null && slotsBack > 0,
  });
  const dispatches = useMemo(
    () =>
      sinceMs === null || data === undefined
        ? known
        : mergeDispatches(
            data.pages.flatMap((page) => page.dispatches.map(toDispatch)),
            known,
          ),
    [known, data, sinceMs],
  );
  const isShort = sinceMs !== null && slotsBack > 0 && slotsBack + PREFETCH_SLOTS > slotsOf(dispatches);
  useEffect(() => {
    if (data !== undefined && isShort && hasNextPage && !isFetching) {
      void fetchNextPage();
    }
  }, [data, isShort, hasNextPage, isFetching, fetchNextPage]);
  return dispatches;
}

function toDispatch({ counts, parts, ...dispatch }: DispatchView): Dispatch {
  return {
    ...dispatch,
    completed: counts.completed,
    unsuccessful: counts.retried + counts.failed,
    parts: parts.map((part) => ({ ...part, size: part.ids.length, retry: part.attempt > 1 })),
  };
}
