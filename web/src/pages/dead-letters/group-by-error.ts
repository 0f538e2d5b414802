import { formatCount } from '../../ui/format.js';
import type { DeadLetter, DeadLetterCounts, FailureKind } from '../../api/types.js';

/** Loaded dead letters of one kind with the same message, but for its numbers. */
export interface MessageGroup {
  readonly message: string;
  readonly letters: readonly DeadLetter[];
}

/** All dead letters of one kind: how many there are, and those that are loaded. */
export interface KindGroup {
  readonly kind: FailureKind;
  readonly count: number;
  /** There are `count` or more. */
  readonly isCapped: boolean;
  /** The largest first. */
  readonly messages: readonly MessageGroup[];
}

/** Numbers differ where the error is the same. */
function toPattern(message: string): string {
  return message.replaceAll(/\d+/g, '#');
}

/** The kinds that have dead letters, the largest first. */
export function groupByKind(
  { kinds, max_per_kind: max }: DeadLetterCounts,
  loaded: readonly DeadLetter[],
): KindGroup[] {
  const byKind = Map.groupBy(loaded, ({ error }) => error.kind);
  return (Object.entries(kinds) as [FailureKind, number][])
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => ({
      kind,
      count,
      isCapped: count >= max,
      messages: groupByMessage(byKind.get(kind) ?? []),
    }))
    .sort((a, b) => b.count - a.count);
}

function groupByMessage(letters: readonly DeadLetter[]): MessageGroup[] {
  const byPattern = Map.groupBy(letters, ({ error }) => toPattern(error.message));
  return [...byPattern.values()]
    .flatMap((some) => (some[0] === undefined ? [] : [{ message: some[0].error.message, letters: some }]))
    .sort((a, b) => b.letters.length - a.letters.length);
}

/** `1,234`, or `10,000+` where counting stopped. */
export function countText({ count, isCapped }: Pick<KindGroup, 'count' | 'isCapped'>): string {
  return `${formatCount(count)}${isCapped ? '+' : ''}`;
}

export function idsText(group: Pick<KindGroup, 'count' | 'isCapped'>): string {
  return `${countText(group)} ${group.count === 1 ? 'id' : 'ids'}`;
}

/** All kinds together. */
export function totalOf(groups: readonly KindGroup[]): Pick<KindGroup, 'count' | 'isCapped'> {
  return {
    count: groups.reduce((sum, { count }) => sum + count, 0),
    isCapped: groups.some(({ isCapped }) => isCapped),
  };
}
