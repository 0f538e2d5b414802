/** Where a UUID's version stands, and where its last group, 48 bits, begins. */
const VERSION_AT = 14;
const LAST_GROUP_AT = 24;
const LAST_GROUP_DIGITS = 12;
const LAST_GROUP_SIZE = 2 ** 48;

/**
 * The id of the n-th batch (from 0) of an ingestion: the ingestion's own UUID as version 8 (RFC 9562, section 5.8),
 * its last group moved on by n + 1. So a batch has its id before it has a row, and keeps it.
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
