import { randomUUID } from 'node:crypto';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import { packIds, unpackBigIntIds, type Id } from '../../src/domain/packed-ids.js';
import type { NewIngestion } from '../../src/domain/ingestion.js';
import type { Dispatch } from '../../src/domain/dispatch.js';

/** A list of priority HIGH, ready to be accepted. */
export function highList(ids: readonly Id[]): NewIngestion {
  return {
    ingestionId: randomUUID(),
    lane: DEFAULT_LANE,
    priority: 'HIGH',
    client: null,
    packedIds: packIds(ids),
  };
}

/** `size` ids from `from` on, without a gap. */
export function idRange(from: number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => from + i);
}

/** The ids that a dispatch carries, in their order. */
export function idsOf(dispatch: Dispatch): bigint[] {
  return dispatch.parts.flatMap((part) => unpackBigIntIds(part.packedIds));
}
