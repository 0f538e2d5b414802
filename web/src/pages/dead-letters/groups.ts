import type { DeadLetter } from '../../api/types.js';

/** Dead letters that died of the same. */
export interface Group {
  readonly key: string;
  readonly kind: string;
  readonly message: string;
  readonly letters: readonly DeadLetter[];
  readonly ingestionIds: readonly string[];
}

/** Numbers differ where the error is the same. */
function patternOf(message: string): string {
  return message.replaceAll(/\d+/g, '#');
}

/** The largest group first. */
export function groupByError(letters: readonly DeadLetter[]): Group[] {
  const byError = Map.groupBy(letters, ({ error }) => `${error.kind}: ${patternOf(error.message)}`);
  return [...byError]
    .map(([key, members]) => {
      const [first] = members;
      return {
        key,
        kind: first?.error.kind ?? '',
        message: first?.error.message ?? '',
        letters: members,
        ingestionIds: [...new Set(members.map(({ ingestion_id: id }) => id))],
      };
    })
    .sort((a, b) => b.letters.length - a.letters.length);
}
