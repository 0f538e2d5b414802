import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { dispatchesQuery } from '../../api/queries.js';
import type { Dispatch, DispatchView } from '../../api/types.js';
import { mergeDispatches } from '../../live/gate-state.js';

/** More dispatches are requested when fewer than this many slots are left to look back. */
const PREFETCH_SLOTS = 12;

export interface HistoryWindow {
  readonly lane: string;
  /** Time at which the timeline was frozen, by the page's clock; null while it moves. */
  readonly sinceMs: number | null;
  /** Number of slots by which the user looks back. */
  readonly slotsBack: number;
  /** Returns the number of slots from the newest of the dispatches to the oldest. */
  readonly slotsOf: (dispatches: readonly Dispatch[]) => number;
}

/** Returns the known dispatches and, while the user looks back, the older ones that are in view. */
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
