import { formatCount } from '../../ui/format.js';
import type { DeadLetter, DeadLetterCounts, FailureKind } from '../../api/types.js';

/** Loaded dead letters of one kind whose messages differ only in numbers. */
export interface MessageGroup {
  readonly message: string;
  readonly letters: readonly DeadLetter[];
}

/** Dead letters of one kind: their number, and the loaded ones. */
export interface KindGroup {
  readonly kind: FailureKind;
  readonly count: number;
  /** True if counting stopped at `count`: there may be more. */
  readonly isCapped: boolean;
  /** Groups of the loaded dead letters by message, the largest first. */
  readonly messages: readonly MessageGroup[];
}

/** Replaces the numbers in a message: they differ between occurrences of the same error. */
function toPattern(message: string): string {
  return message.replaceAll(/\d+/g, '#');
}

/** Groups dead letters by kind, the largest group first; kinds without dead letters are left out. */
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

/** Formats the number of dead letters: `1,234`, or `10,000+` if counting stopped. */
export function countText({ count, isCapped }: Pick<KindGroup, 'count' | 'isCapped'>): string {
  return `${formatCount(count)}${isCapped ? '+' : ''}`;
}

export function idsText(group: Pick<KindGroup, 'count' | 'isCapped'>): string {
  return `${countText(group)} ${group.count === 1 ? 'id' : 'ids'}`;
}

/** Returns the number of dead letters of all kinds. */
export function totalOf(groups: readonly KindGroup[]): Pick<KindGroup, 'count' | 'isCapped'> {
  return {
    count: groups.reduce((sum, { count }) => sum + count, 0),
    isCapped: groups.some(({ isCapped }) => isCapped),
  };
}
