import type { Id } from '../../api/exact-json.js';
import type { Priority } from '../../api/types.js';

/** Number of marks and ids that a card has room for; the line that counts the other ids takes the room of one. */
const MAX_ROWS = 6;

/** Ids of one ingestion in a dispatch. */
export interface Part {
  readonly ingestion_id: string;
  readonly priority: Priority;
  /** Number of ids; `ids` may be the first ones only. */
  readonly size: number;
  readonly retry: boolean;
  readonly ids: readonly Id[];
}

export interface FittedParts {
  readonly shown: readonly Part[];
  /** Number of ids that are not shown. */
  readonly hidden: number;
}

/** Returns the parts that a card has room for, each with the ids that it has room for. */
export function fitParts(parts: readonly Part[]): FittedParts {
  const merged = mergeNeighbours(parts);
  const all = fitInto(merged, MAX_ROWS);
  return all.hidden === 0 ? all : fitInto(merged, MAX_ROWS - 1);
}

function fitInto(parts: readonly Part[], rows: number): FittedParts {
  let room = rows;
  let hidden = 0;
  const shown = parts.flatMap((part) => {
    const ids = part.ids.slice(0, Math.max(0, room - 1)); // one row is for its mark
    room -= ids.length === 0 ? room : ids.length + 1;
    hidden += part.size - ids.length;
    return ids.length === 0 ? [] : [{ ...part, ids }];
  });
  return { shown, hidden };
}

/** Joins parts that stand under the same mark: retries of one ingestion come one id at a time. */
function mergeNeighbours(parts: readonly Part[]): Part[] {
  const merged: Part[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (
      last?.ingestion_id === part.ingestion_id &&
      last.retry === part.retry &&
      last.priority === part.priority
    ) {
      const size = last.size + part.size;
      merged[merged.length - 1] = { ...last, size, ids: [...last.ids, ...part.ids] };
    } else {
      merged.push(part);
    }
  }
  return merged;
}
