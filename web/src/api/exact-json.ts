export { parseExact } from '../../../src/clients/typescript/exact-json.js';

/** Exact, whatever its size. */
export type Id = bigint;
