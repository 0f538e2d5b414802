export { parseExact } from '../../../src/client/exact-json.js';

/** Exact, whatever its size. */
export type Id = bigint;
