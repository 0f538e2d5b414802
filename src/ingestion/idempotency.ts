import { hash } from 'node:crypto';
import type { Idempotency } from './ingestion.js';
import { DEFAULT_LANE } from './lane.js';
import { rankOf, type Priority } from './priority.js';

export interface IdempotencyOptions {
  /** 0 turns idempotency off. */
  readonly windowMs: number;
  /** Whether requests without an `Idempotency-Key` are told apart by their content. */
  readonly byContent: boolean;
}

/** No content begins with these bytes: it begins with a priority's rank, or with the name of a lane. */
const KEY_PREFIX = 'key:';
/** Of a lane other than the default one. */
const LANE_PREFIX = 'lane:';

/** Half of a SHA-256: enough that no two requests meet by chance, and half the index. */
const DIGEST_BYTES = 16;

/** What makes this request the same as another; undefined where nothing does. */
export function idempotencyOf(
  request: { readonly lane: string; readonly priority: Priority; readonly packedIds: Uint8Array },
  clientKey: string | undefined,
  { windowMs, byContent }: IdempotencyOptions,
): Idempotency | undefined {
  if (windowMs === 0 || (clientKey === undefined && !byContent)) {
    return undefined;
  }
  const content = digest(
    ...(request.lane === DEFAULT_LANE ? [] : [Buffer.from(`${LANE_PREFIX}${request.lane}\0`)]),
    Uint8Array.of(rankOf(request.priority)),
    request.packedIds,
  );
  const key = clientKey === undefined ? content : digest(Buffer.from(KEY_PREFIX), Buffer.from(clientKey));
  return { key, content, windowMs };
}

function digest(...parts: readonly Uint8Array[]): Uint8Array {
  return hash('sha256', Buffer.concat(parts), 'buffer').subarray(0, DIGEST_BYTES);
}
