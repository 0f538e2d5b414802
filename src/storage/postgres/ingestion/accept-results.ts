import { acceptanceByHolder, type KeyHolder } from '../../../domain/idempotency-replay.js';
import type { Acceptance, Idempotency, NewIngestion } from '../../../domain/ingestion.js';
import type { AcceptedRow } from './accept-group.js';
import { toBuffer } from './idempotency-keys.js';

/** Returns the items to send to the store: all without a key, and the first of each key. */
export function firstOfEachKey(group: readonly NewIngestion[]): NewIngestion[] {
  const seen = new Set<string>();
  return group.filter(({ idempotency }) => {
    if (idempotency === undefined) {
      return true;
    }
    const name = toMapKey(idempotency.key);
    const isFirst = !seen.has(name);
    seen.add(name);
    return isFirst;
  });
}

/**
 * Returns one acceptance per item of the group. Later items with the same key are answered from the holder of the key
 * after the first one.
 */
export function toAcceptances(
  group: readonly NewIngestion[],
  asked: readonly NewIngestion[],
  rows: readonly AcceptedRow[],
): Acceptance[] {
  const accepted = new Set<NewIngestion>();
  const refused = new Map<NewIngestion | string, Acceptance>();
  const holders = new Map<string, KeyHolder>();
  asked.forEach((item, i) => {
    const row = rows[i];
    if (row?.is_accepted === true) {
      accepted.add(item);
    }
    const { holder = null, content = null, waiting: pending = null } = row ?? {};
    if (pending !== null) {
      refused.set(toRefusal(item), { kind: 'refused', pending });
    } else if (item.idempotency !== undefined && holder !== null && content !== null) {
      holders.set(toMapKey(item.idempotency.key), { ingestionId: holder, content });
    }
  });
  const answerByHolder = (idempotency: Idempotency): Acceptance => {
    const holder = holders.get(toMapKey(idempotency.key));
    if (holder === undefined) {
      throw new Error('an idempotency key has no holder');
    }
    return acceptanceByHolder(idempotency, holder);
  };
  return group.map((item) => {
    if (accepted.has(item)) {
      return { kind: 'accepted', ingestionId: item.ingestionId };
    }
    const refusal = refused.get(toRefusal(item));
    if (refusal !== undefined) {
      return refusal;
    }
    if (item.idempotency === undefined) {
      throw new Error('an ingestion without a key was not stored');
    }
    return answerByHolder(item.idempotency);
  });
}

/** Returns the key of a refusal: items with the same idempotency key share it. */
function toRefusal(item: NewIngestion): NewIngestion | string {
  return item.idempotency === undefined ? item : toMapKey(item.idempotency.key);
}

function toMapKey(key: Uint8Array): string {
  return toBuffer(key).toString('latin1');
}
