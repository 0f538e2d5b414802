import { randomUUID } from 'node:crypto';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import { packIds, unpackBigIntIds, type Id } from '../../src/domain/packed-ids.js';
import type { NewIngestion } from '../../src/domain/ingestion.js';
import type { Dispatch } from '../../src/domain/dispatch.js';

/** Returns a list of priority HIGH, ready to be accepted. */
export function highList(ids: readonly Id[]): NewIngestion {
  return {
    ingestionId: randomUUID(),
    lane: DEFAULT_LANE,
    priority: 'HIGH',
    client: null,
    packedIds: packIds(ids),
  };
}

/** Returns `size` consecutive ids from `from` on. */
export function idRange(from: number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => from + i);
}

/** Returns the ids of a dispatch, in order. */
export function idsOf(dispatch: Dispatch): bigint[] {
  return dispatch.parts.flatMap((part) => unpackBigIntIds(part.packedIds));
}
