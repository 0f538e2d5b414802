import { MAX_ID } from '../../domain/packed-ids.js';

/**
 * Returns an integer beyond the range of a double for an OpenAPI document. The library's types allow only
 * numbers; it is written as a bigint (see `document.ts`).
 */
function exactIntegerSchema(value: bigint): number {
  return value as unknown as number;
}

/** The schema of one id. */
export const ID_SCHEMA = {
  type: 'integer',
  minimum: 1,
  maximum: exactIntegerSchema(MAX_ID),
};

/** Example ids beyond a double, beyond a signed 64-bit integer, and the largest one. */
export const LARGE_IDS: readonly number[] = [9_007_199_254_740_993n, 9_223_372_036_854_775_808n, MAX_ID].map(
  exactIntegerSchema,
);
