import { useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { useAccess, useHasScope } from '../api/access.js';
import { queuesQuery } from '../api/queries.js';
import type { Queue } from '../api/types.js';

/** The lane of whatever names none. */
export const DEFAULT_LANE = 'default';

/** The lane that the address names; null where it names none. */
export const LaneContext = createContext<string | null>(null);

export function useChosenLane(): string | null {
  return useContext(LaneContext);
}

/** Whose gate is looked at. */
export function useLane(): string {
  return useChosenLane() ?? DEFAULT_LANE;
}

/** The lanes, the default one first, with their gates for whom may know. */
export function useLanes(): readonly (readonly [string, Queue | undefined])[] {
  const { lanes } = useAccess();
  const mayRead = useHasScope('read');
  const { data } = useQuery({ ...queuesQuery(), enabled: mayRead });
  return lanes.map((lane) => [lane, data?.lanes[lane]]);
}

/** A page of this dashboard, in the lane that is looked at. */
export function toHref(path: string, lane: string | null): string {
  return lane === null ? `#${path}` : `#${path}?${new URLSearchParams({ lane }).toString()}`;
}
