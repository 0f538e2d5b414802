import { createHash, hash } from 'node:crypto';
import { BYTES_PER_ID } from '../domain/packed-ids.js';
import type { Idempotency } from '../domain/ingestion.js';
import type { IngestionOptions } from './ingestion.options.js';
import { DEFAULT_LANE } from '../domain/lane.js';
import { toRank, type Priority } from '../domain/priority.js';

type IdempotencyOptions = Pick<IngestionOptions, 'idempotencyWindowMs' | 'idempotencyByContent'>;

/** No content begins with these bytes: it begins with a priority's rank, or with the name of a lane. */
const KEY_PREFIX = 'key:';
/** Of a lane other than the default one. */
const LANE_PREFIX = 'lane:';

/** Half of a SHA-256: enough that no two requests meet by chance, and half the index. */
const DIGEST_BYTES = 16;

/** What tells equal ids in two lists apart. */
interface IdempotencyScope {
  readonly lane: string;
  readonly priority: Priority;
  readonly callbackUrl?: string | undefined;
}

/** What tells a list from every other: a digest of its kind and its packed ids, block by block as they come. */
export class ContentDigest {
  private readonly hash = createHash('sha256');

  constructor(kind: IdempotencyScope) {
    for (const part of scopeParts(kind)) {
      this.hash.update(part);
    }
  }

  add(packedIds: Uint8Array): void {
    this.hash.update(packedIds);
  }

  finish(): Uint8Array {
    return this.hash.digest().subarray(0, DIGEST_BYTES);
  }
}

/** What makes this request the same as another; undefined where nothing does. */
export function buildIdempotency(
  request: IdempotencyScope & { readonly client: string | null } & (
      { readonly packedIds: Uint8Array } | { readonly content: Uint8Array }
    ),
  clientKey: string | undefined,
  { idempotencyWindowMs: windowMs, idempotencyByContent: byContent }: IdempotencyOptions,
): Idempotency | undefined {
  if (windowMs === 0 || (clientKey === undefined && !byContent)) {
    return undefined;
  }
  const content = 'content' in request ? request.content : digest(...scopeParts(request), request.packedIds);
  const { client } = request;
  const key = clientKey === undefined ? content : digest(Buffer.from(KEY_PREFIX), Buffer.from(clientKey));
  return { key: client === null ? key : digest(ownerPrefix(client), key), content, windowMs };
}

/** Clients do not meet in their keys; no name of one holds a line feed. */
function ownerPrefix(client: string): Uint8Array {
  return Buffer.from(`client:${client}\n`);
}

function scopeParts({ lane, priority, callbackUrl }: IdempotencyScope): Uint8Array[] {
  return [
    ...(lane === DEFAULT_LANE ? [] : [Buffer.from(`${LANE_PREFIX}${lane}\0`)]),
    Uint8Array.of(toRank(priority)),
    ...callbackParts(callbackUrl),
  ];
}

/** Where there is none the content is as it always was. No id begins with these bytes, and no URL holds a NUL. */
function callbackParts(callbackUrl: string | undefined): Uint8Array[] {
  return callbackUrl === undefined
    ? []
    : [new Uint8Array(BYTES_PER_ID).fill(0xff), Buffer.from(`${callbackUrl}\0`)];
}

function digest(...parts: readonly Uint8Array[]): Uint8Array {
  return hash('sha256', Buffer.concat(parts), 'buffer').subarray(0, DIGEST_BYTES);
}
