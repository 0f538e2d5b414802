/** All priorities, the highest first. The index of a priority in this list is its rank. */
export const PRIORITIES = ['HIGH', 'MEDIUM', 'LOW'] as const;

export type Priority = (typeof PRIORITIES)[number];

export function isPriority(value: unknown): value is Priority {
  return (PRIORITIES as readonly unknown[]).includes(value);
}

/** The rank of a priority: 0 is the highest. Stores save this number. */
export type PriorityRank = 0 | 1 | 2;

export const PRIORITY_RANKS: readonly PriorityRank[] = [0, 1, 2];

export function toRank(priority: Priority): PriorityRank {
  return PRIORITIES.indexOf(priority) as PriorityRank;
}

/**
 * A list that is scheduled for later is stored with the rank of its priority plus this number, so that no claim finds it.
 */
export const SCHEDULED_RANK_OFFSET = PRIORITIES.length;

/** Returns the priority of a stored rank, also of a list that is scheduled for later. */
export function toPriority(rank: number): Priority {
  const priority = PRIORITIES[rank % SCHEDULED_RANK_OFFSET];
  if (priority === undefined) {
    throw new Error(`${String(rank)} is not the rank of a priority`);
  }
  return priority;
}
