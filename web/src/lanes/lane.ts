import { useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { useAccess, useHasScope } from '../api/access.js';
import { queuesQuery } from '../api/queries.js';
import type { Queue } from '../api/types.js';

/** Lane of requests and pages that name none. */
export const DEFAULT_LANE = 'default';

/** Lane named in the URL; null if the URL names none. */
export const LaneContext = createContext<string | null>(null);

export function useChosenLane(): string | null {
  return useContext(LaneContext);
}

/** Returns the lane whose gate is shown. */
export function useLane(): string {
  return useChosenLane() ?? DEFAULT_LANE;
}

/**
 * Returns the lanes, the default one first, each with its queue; without the scope `read`, the queues are undefined.
 */
export function useLanes(): readonly (readonly [string, Queue | undefined])[] {
  const { lanes } = useAccess();
  const mayRead = useHasScope('read');
  const { data } = useQuery({ ...queuesQuery(), enabled: mayRead });
  return lanes.map((lane) => [lane, data?.lanes[lane]]);
}

/** Returns the link to a page of the dashboard in the given lane; null leaves the lane out. */
export function toHref(path: string, lane: string | null): string {
  return lane === null ? `#${path}` : `#${path}?${new URLSearchParams({ lane }).toString()}`;
}
