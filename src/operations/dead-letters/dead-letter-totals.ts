import type { AttemptErrorKind } from '../../domain/dispatch.js';
import type { DeadLetterTally } from './dead-letter.repository.js';
import { NumberSet } from './number-set.js';

/** Maximum number of groups with a message of their own. */
export const MAX_GROUPS = 200;

/** Dead letters with the same error in the same lane. */
export interface DeadLetterGroup {
  readonly lane: string;
  readonly kind: AttemptErrorKind;
  /** Null for all messages that have no group of their own. */
  readonly message: string | null;
  readonly upstreamStatus: number | null;
  readonly ids: number;
  readonly ingestions: number;
  /** Wall times in ms. */
  readonly firstFailedAtMs: number;
  readonly lastFailedAtMs: number;
}

export interface DeadLetterTotals {
  readonly ids: number;
  readonly ingestions: number;
  /** The largest first. */
  readonly groups: readonly DeadLetterGroup[];
}

type OpenGroup = { -readonly [K in keyof Omit<DeadLetterGroup, 'ingestions'>]: DeadLetterGroup[K] } & {
  readonly lists: NumberSet;
};

/**
 * Adds up the steps of a count. After {@link MAX_GROUPS} groups a new message joins the group without a message of its
 * lane, kind and status, so that messages that differ in each id need no memory.
 */
export class DeadLetterSums {
  private readonly lists = new NumberSet();
  private readonly groups = new Map<string, OpenGroup>();
  private ids = 0;

  add(tallies: readonly DeadLetterTally[]): void {
    for (const tally of tallies) {
      this.ids += tally.ids;
      this.lists.add(tally.seq);
      const group = this.groupOf(tally);
      group.ids += tally.ids;
      group.lists.add(tally.seq);
      group.firstFailedAtMs = Math.min(group.firstFailedAtMs, tally.firstFailedAtMs);
      group.lastFailedAtMs = Math.max(group.lastFailedAtMs, tally.lastFailedAtMs);
    }
  }

  totals(): DeadLetterTotals {
    const groups = [...this.groups.values()]
      .map(({ lists, ...group }) => ({ ...group, ingestions: lists.size }))
      .sort((one, other) => other.ids - one.ids);
    return { ids: this.ids, ingestions: this.lists.size, groups };
  }

  private groupOf(tally: DeadLetterTally): OpenGroup {
    const own = this.groups.get(toKey(tally, tally.message));
    if (own !== undefined) {
      return own;
    }
    const message = this.groups.size < MAX_GROUPS ? tally.message : null;
    const key = toKey(tally, message);
    const { lane, kind, upstreamStatus } = tally;
    const group = this.groups.get(key) ?? {
      lane,
      kind,
      message,
      upstreamStatus,
      ids: 0,
      firstFailedAtMs: Infinity,
      lastFailedAtMs: -Infinity,
      lists: new NumberSet(),
    };
    this.groups.set(key, group);
    return group;
  }
}

function toKey({ lane, kind, upstreamStatus }: DeadLetterTally, message: string | null): string {
  return JSON.stringify([lane, kind, upstreamStatus, message]);
}
