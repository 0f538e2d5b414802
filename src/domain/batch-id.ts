/** Offsets in a UUID's text: the version digit, and the last group (48 bits). */
const VERSION_AT = 14;
const LAST_GROUP_AT = 24;
const LAST_GROUP_DIGITS = 12;
const LAST_GROUP_SIZE = 2 ** 48;

/**
 * Derives the id of the n-th batch (from 0) of an ingestion: the ingestion's UUID with version 8 (RFC 9562, section
 * 5.8), its last group increased by n + 1. A batch therefore has its id before it has a row, and the id never changes.
 */
export function toBatchId(ingestionId: string, batchNo: number): string {
  const lastGroup = Number.parseInt(ingestionId.slice(LAST_GROUP_AT), 16);
  const moved = ((lastGroup + batchNo + 1) % LAST_GROUP_SIZE).toString(16);
  return (
    ingestionId.slice(0, VERSION_AT) +
    '8' +
    ingestionId.slice(VERSION_AT + 1, LAST_GROUP_AT) +
    moved.padStart(LAST_GROUP_DIGITS, '0')
  );
}
