import { unpackIds } from './packed-ids.js';

/**
 * Converts packed ids for `JSON.stringify`. Ids that a double cannot hold become raw JSON, so that they are written
 * exactly.
 */
export function idsToJson(packedIds: Uint8Array): unknown[] {
  return unpackIds(packedIds).map((id) => (typeof id === 'bigint' ? JSON.rawJSON(id.toString()) : id));
}
