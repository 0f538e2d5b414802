/** All priorities, the highest first. The index of a priority in this list is its rank. */
export const PRIORITIES = ['HIGH', 'MEDIUM', 'LOW'] as const;

export type Priority = (typeof PRIORITIES)[number];

/** The rank of a priority: 0 is the highest. Stores save this number. */
export type PriorityRank = 0 | 1 | 2;

export const PRIORITY_RANKS: readonly PriorityRank[] = [0, 1, 2];

export function toRank(priority: Priority): PriorityRank {
  return PRIORITIES.indexOf(priority) as PriorityRank;
}

export function toPriority(rank: PriorityRank): Priority {
  return PRIORITIES[rank];
}
