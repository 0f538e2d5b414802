import { createHash, hash } from 'node:crypto';
import { BYTES_PER_ID } from '../domain/packed-ids.js';
import type { Idempotency, IngestionFields } from '../domain/ingestion.js';
import type { IngestionOptions } from './ingestion.options.js';
import type { GivenTime } from '../domain/given-time.js';
import { toLabelsJson, type Labels } from '../domain/labels.js';
import { DEFAULT_LANE } from '../domain/lane.js';
import { toRank } from '../domain/priority.js';

type IdempotencyOptions = Pick<IngestionOptions, 'idempotencyWindowMs' | 'idempotencyByContent'>;

/**
 * Prefix of client keys. No content starts with these bytes: it starts with a priority's rank or the prefix of a lane.
 */
const KEY_PREFIX = 'key:';
/** Prefix of a lane's name; the default lane has none. */
const LANE_PREFIX = 'lane:';
const UNITS_PREFIX = 'units:';

/** Prefix of labels, after bytes that begin no id. No callback URL begins with it, and no labels contain a NUL. */
const LABELS_PREFIX = '\x01labels:';

/** Prefix of a time, as {@link LABELS_PREFIX}. */
const NOT_BEFORE_PREFIX = '\x01not_before:';
const EXPIRES_AT_PREFIX = '\x01expires_at:';

/** Half of a SHA-256: collisions remain negligible, and the index is half as large. */
const DIGEST_BYTES = 16;

/** The fields that distinguish two ingestions with equal ids. */
type IdempotencyScope = Omit<IngestionFields, 'client'>;

/** Computes the digest that identifies an ingestion's content: its scope and its packed ids, added block by block. */
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

/** Returns true if a request with this `Idempotency-Key`, or without one, can be a replay. */
export function isIdempotent(
  clientKey: string | undefined,
  { idempotencyWindowMs, idempotencyByContent }: IdempotencyOptions,
): boolean {
  return idempotencyWindowMs > 0 && (clientKey !== undefined || idempotencyByContent);
}

/** Builds the idempotency key and content digest of a request; undefined if idempotency is disabled for it. */
export function buildIdempotency(
  request: IngestionFields & ({ readonly packedIds: Uint8Array } | { readonly content: Uint8Array }),
  clientKey: string | undefined,
  options: IdempotencyOptions,
): Idempotency | undefined {
  if (!isIdempotent(clientKey, options)) {
    return undefined;
  }
  const content = 'content' in request ? request.content : digest(...scopeParts(request), request.packedIds);
  const { client } = request;
  const key = clientKey === undefined ? content : digest(Buffer.from(KEY_PREFIX), Buffer.from(clientKey));
  return {
    key: client === null ? key : digest(ownerPrefix(client), key),
    content,
    windowMs: options.idempotencyWindowMs,
  };
}

/** Returns a prefix that separates the keys of clients. No client name contains a line feed. */
function ownerPrefix(client: string): Uint8Array {
  return Buffer.from(`client:${client}\n`);
}

function scopeParts({
  lane,
  priority,
  callbackUrl,
  labels,
  units,
  notBefore,
  expiresAt,
}: IdempotencyScope): Uint8Array[] {
  return [
    ...(lane === DEFAULT_LANE ? [] : [Buffer.from(`${LANE_PREFIX}${lane}\0`)]),
    Uint8Array.of(toRank(priority)),
    ...callbackParts(callbackUrl),
    ...labelParts(labels),
    ...unitsParts(units),
    ...timeParts(NOT_BEFORE_PREFIX, notBefore),
    ...timeParts(EXPIRES_AT_PREFIX, expiresAt),
  ];
}

/**
 * Returns nothing without a URL, so that the digest is the same as in earlier releases. No id starts with these bytes,
 * and no URL contains a NUL.
 */
function callbackParts(callbackUrl: string | undefined): Uint8Array[] {
  return callbackUrl === undefined
    ? []
    : [new Uint8Array(BYTES_PER_ID).fill(0xff), Buffer.from(`${callbackUrl}\0`)];
}

/** Returns nothing without labels, so that the digest is the same as in earlier releases. */
function labelParts(labels: Labels | undefined): Uint8Array[] {
  const json = toLabelsJson(labels);
  return json === null
    ? []
    : [new Uint8Array(BYTES_PER_ID).fill(0xff), Buffer.from(`${LABELS_PREFIX}${json}\0`)];
}

/** Returns nothing for a cost of 1, as if none was given. No id starts with these bytes, and no URL. */
function unitsParts(units = 1): Uint8Array[] {
  return units === 1
    ? []
    : [new Uint8Array(BYTES_PER_ID).fill(0xff), Buffer.from(`${UNITS_PREFIX}${String(units)}\0`)];
}

/** A time from now on compares as it was given, so a request that is sent again later is the same. */
function timeParts(prefix: string, time: GivenTime | undefined): Uint8Array[] {
  return time === undefined
    ? []
    : [new Uint8Array(BYTES_PER_ID).fill(0xff), Buffer.from(`${prefix}${JSON.stringify(time)}\0`)];
}

function digest(...parts: readonly Uint8Array[]): Uint8Array {
  return hash('sha256', Buffer.concat(parts), 'buffer').subarray(0, DIGEST_BYTES);
}
