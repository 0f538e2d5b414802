import { hash } from 'node:crypto';
import type { Idempotency } from './ingestion.js';
import { rankOf, type Priority } from './priority.js';

export interface IdempotencyOptions {
  /** 0 turns idempotency off. */
  readonly windowMs: number;
  /** Whether requests without an `Idempotency-Key` are told apart by their content. */
  readonly byContent: boolean;
}

const BY_KEY = 'key:';
const BY_CONTENT = 'content:';

/** What makes this request the same as another; undefined where nothing does. */
export function idempotencyOf(
  request: { readonly priority: Priority; readonly packedIds: Uint8Array },
  clientKey: string | undefined,
  { windowMs, byContent }: IdempotencyOptions,
): Idempotency | undefined {
  if (windowMs === 0 || (clientKey === undefined && !byContent)) {
    return undefined;
  }
  const content = digest(Uint8Array.of(rankOf(request.priority)), request.packedIds);
  const key =
    clientKey === undefined
      ? digest(Buffer.from(BY_CONTENT), content)
      : digest(Buffer.from(BY_KEY), Buffer.from(clientKey));
  return { key, content, windowMs };
}

function digest(...parts: readonly Uint8Array[]): Uint8Array {
  return hash('sha256', Buffer.concat(parts), 'buffer');
}
