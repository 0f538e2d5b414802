import type { Acceptance, Idempotency } from './ingestion.js';

/** The ingestion that holds an idempotency key, and the content of its request. */
export interface KeyHolder {
  readonly ingestionId: string;
  readonly content: Uint8Array;
}

/** Returns the acceptance of a request whose key is held: a replay if the content is the same, otherwise a conflict. */
export function acceptanceByHolder({ content }: Idempotency, holder: KeyHolder): Acceptance {
  return Buffer.compare(holder.content, content) === 0
    ? { kind: 'replayed', ingestionId: holder.ingestionId }
    : { kind: 'conflict' };
}
