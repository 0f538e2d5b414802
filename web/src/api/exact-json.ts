export { parseExact } from '../../../src/clients/typescript/exact-json.js';

/** Id as an exact integer: ids may be larger than a double can represent. */
export type Id = bigint;
