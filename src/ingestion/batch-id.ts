import { parse, stringify } from 'uuid';

/** The low 62 bits of a UUID: all behind the variant. */
const LOW_BITS = (1n << 62n) - 1n;
const VERSION_8 = 0x80;
const LOW_HALF = 8;

/**
 * The id of the n-th batch (from 0) of an ingestion: the ingestion's own UUID as version 8 (RFC 9562, section 5.8),
 * its random end moved on by n. So a batch has its id before it has a row, and keeps it.
 */
export function batchIdOf(ingestionId: string, batchNo: number): string {
  const bytes = parse(ingestionId);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const low = view.getBigUint64(LOW_HALF);
  const moved = (low & ~LOW_BITS) | ((low + BigInt(batchNo) + 1n) & LOW_BITS);
  view.setBigUint64(LOW_HALF, moved);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | VERSION_8);
  return stringify(bytes);
}
