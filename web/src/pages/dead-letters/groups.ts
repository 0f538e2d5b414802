import type { DeadLetter, FailureKind } from '../../api/types.js';

/** Dead letters that died of the same. */
export interface Group {
  readonly key: string;
  readonly kind: FailureKind;
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
    .flatMap(([key, letters]) => {
      const [first] = letters;
      const ingestionIds = [...new Set(letters.map(({ ingestion_id: id }) => id))];
      return first === undefined ? [] : [{ key, ...first.error, letters, ingestionIds }];
    })
    .sort((a, b) => b.letters.length - a.letters.length);
}
