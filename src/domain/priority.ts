/** Every priority, the highest first. The index of a priority in this list is its rank. */
export const PRIORITIES = ['HIGH', 'MEDIUM', 'LOW'] as const;

export type Priority = (typeof PRIORITIES)[number];

/** 0 for the highest priority. This is also how a store keeps it. */
export type PriorityRank = 0 | 1 | 2;

export const PRIORITY_RANKS: readonly PriorityRank[] = [0, 1, 2];

export function toRank(priority: Priority): PriorityRank {
  return PRIORITIES.indexOf(priority) as PriorityRank;
}

export function toPriority(rank: PriorityRank): Priority {
  return PRIORITIES[rank];
}
