import { unpackIds } from './packed-ids.js';

/** Packed ids for `JSON.stringify`: those beyond a double as raw JSON, so that they are written exactly. */
export function idsToJson(packedIds: Uint8Array): unknown[] {
  return unpackIds(packedIds).map((id) => (typeof id === 'bigint' ? JSON.rawJSON(id.toString()) : id));
}
