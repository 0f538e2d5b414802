export { SluiceApiError } from './api-error.js';
export { parseExact, stringifyExact } from './exact-json.js';
export type { HttpClient, HttpClientOptions } from './http-client.js';
export type { EventStreamOptions, IngestionEvent } from './ingestion-events.js';
export {
  createSluiceClient,
  type AuditFilter,
  type DeadLetterFilter,
  type IngestionFilter,
  type NewIngestion,
  type RequestOptions,
  type ResultFilter,
  type SluiceClient,
  type SluiceClientOptions,
  type SubmitOptions,
} from './sluice-client.js';
export type { WaitOptions } from './wait-until-done.js';
export type * from './schema.js';
