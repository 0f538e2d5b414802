import { selectNextIds, type SelectionOptions } from './dispatch-order.js';
import { mergeByIngestion, roundRobin } from './fair-share.js';
import type { IdRun } from '../rules/id-run.js';
import type { Candidate, PendingStreams, Selection } from './queue.repository.js';

/** Selects the ids that are next, from the streams of one snapshot. */
export function selectPending(
  { nowMs, streams, clientStreams }: PendingStreams,
  options: Omit<SelectionOptions, 'nowMs'>,
): Selection[] {
  const inTurns = clientStreams.map((clients) => roundRobin(clients));
  return selectNextIds([...streams, ...inTurns], { ...options, nowMs });
}

/**
 * Returns the first `maxIds` of the selected ids. Each inner list fills dispatches of its own, see
 * {@link splitIntoDispatches}.
 */
export function firstIds(selected: readonly (readonly Selection[])[], maxIds: number): Selection[][] {
  let left = maxIds;
  return selected.map((selections) =>
    selections.flatMap(({ candidate, size }) => {
      const taken = Math.min(left, size);
      left -= taken;
      return taken === 0 ? [] : [{ candidate, size: taken }];
    }),
  );
}

/**
 * Splits selected ids into dispatches of `batchSize` ids, in their order. No dispatch has ids of two of the inner lists.
 * The new ids of an ingestion in one dispatch become one batch, also if other clients' turns were between them.
 */
export function splitIntoDispatches(
  selected: readonly (readonly Selection[])[],
  batchSize: number,
): Selection[][] {
  const batches = new Map<number, number>();
  return selected
    .flatMap((selections) => fillDispatches(selections, batchSize))
    .map((dispatch) =>
      mergeByIngestion(dispatch).map(({ candidate, size }) => {
        if (candidate.isRetry) {
          return { candidate, size };
        }
        const earlier = batches.get(candidate.seq) ?? 0;
        batches.set(candidate.seq, earlier + 1);
        return { candidate: { ...candidate, batchNo: candidate.batchNo + earlier }, size };
      }),
    );
}

/** Returns the selected ids of a dispatch as the rules of a lane count them. */
export function toRuns(dispatch: readonly Selection[]): IdRun[] {
  return dispatch.map(({ candidate, size }) => toRun({ ...candidate, size }));
}

export function toRun({ rank, size, units }: Pick<Candidate, 'rank' | 'size' | 'units'>): IdRun {
  return { rank, ids: size, units };
}

function fillDispatches(selected: readonly Selection[], batchSize: number): Selection[][] {
  const dispatches: Selection[][] = [];
  let dispatch: Selection[] = [];
  let room = 0;
  for (const { candidate, size } of selected) {
    for (let done = 0; done < size;) {
      if (room === 0) {
        dispatch = [];
        dispatches.push(dispatch);
        room = batchSize;
      }
      const taken = Math.min(room, size - done);
      dispatch.push({ candidate: { ...candidate, first: candidate.first + done }, size: taken });
      done += taken;
      room -= taken;
    }
  }
  return dispatches;
}
