export { parseExact, stringifyExact } from './exact-json.js';
export { createSluiceClient, type SluiceClient, type SluiceClientOptions } from './sluice-client.js';
export type * from './schema.js';
