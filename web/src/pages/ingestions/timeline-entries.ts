import type { Id } from '../../api/exact-json.js';
import type { FailureKind, IngestionDispatch } from '../../api/types.js';
import { formatCount } from '../../ui/format.js';

/** Ids of one dispatch that failed for the same reason. */
export interface ErrorGroup {
  readonly kind: FailureKind;
  readonly message: string;
  readonly ids: readonly Id[];
}

/** Groups the errors of a dispatch by kind and message, in the order of the ids. */
export function groupErrors(parts: IngestionDispatch['parts']): ErrorGroup[] {
  const groups = new Map<string, { kind: FailureKind; message: string; ids: Id[] }>();
  for (const { id, kind, message } of parts.flatMap(({ errors }) => errors)) {
    const key = `${kind} ${message}`;
    const group = groups.get(key) ?? { kind, message, ids: [] };
    group.ids.push(id);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Returns the outcome of a dispatch in words, and the mark that colours it. */
export function toOutcomeWords({
  outcome,
  completed,
  unsuccessful,
}: Pick<IngestionDispatch, 'outcome' | 'completed' | 'unsuccessful'>): {
  readonly words: string;
  readonly mark: 'completed' | 'failed' | 'mixed' | 'triggered' | 'again';
} {
  switch (outcome) {
    case 'in_flight':
      return { words: 'in flight', mark: 'triggered' };
    case 'lapsed':
      return { words: 'its process stopped; all ids are sent again', mark: 'again' };
    case 'released':
      return { words: 'not sent; all ids are sent again', mark: 'again' };
    case 'settled':
      if (unsuccessful === 0) {
        return { words: `${formatCount(completed)} completed`, mark: 'completed' };
      }
      return completed === 0
        ? { words: `${formatCount(unsuccessful)} without success`, mark: 'failed' }
        : {
            words: `${formatCount(completed)} completed, ${formatCount(unsuccessful)} without success`,
            mark: 'mixed',
          };
  }
}
