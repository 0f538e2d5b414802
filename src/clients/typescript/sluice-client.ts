import { unwrap } from './api-error.js';
import { createHttpClient, type HttpClient, type HttpClientOptions } from './http-client.js';
import { iterateEvents, type EventStreamOptions, type IngestionEvent } from './ingestion-events.js';
import { iteratePages } from './pages.js';
import { MAX_RETRIES, retrying } from './retry.js';
import type {
  AuditEntryView,
  DeadLetterView,
  IngestionSummary,
  IngestRequest,
  IngestResponse,
  operations,
  OutlookResponse,
  ResultView,
  StatusHeadResponse,
} from './schema.js';
import { waitUntilDone, type WaitOptions } from './wait-until-done.js';

export interface SluiceClientOptions extends HttpClientOptions {
  /** The maximum number of times a request is sent again. The default is 8, which takes about half a minute. */
  readonly maxRetries?: number;
}

/** A list to submit. An id that is not a safe integer must be a bigint. */
export type NewIngestion = Omit<IngestRequest, 'ids'> & { readonly ids: readonly (number | bigint)[] };

export interface SubmitOptions {
  /** Sent at every attempt, so that the list is accepted once. The default is a new key for each call. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
}

type QueryOf<Operation extends keyof operations> = operations[Operation] extends {
  parameters: { query?: infer Query };
}
  ? Omit<NonNullable<Query>, 'after'>
  : never;
/** Filters, and `limit`, the size of a page. */
export type IngestionFilter = QueryOf<'listIngestions'>;
export type ResultFilter = QueryOf<'listResults'>;
export type DeadLetterFilter = QueryOf<'listDeadLetters'>;
export type AuditFilter = QueryOf<'listAuditEntries'>;

/**
 * A client of the service. `GET`, `POST` and so on take any path of the OpenAPI document and resolve with `data` or
 * `error`. The other methods return data, and throw SluiceApiError if the service refuses.
 */
export interface SluiceClient extends HttpClient {
  /** Submits a list. It is accepted once, also if the request must be sent again. */
  submit: (list: NewIngestion, options?: SubmitOptions) => Promise<IngestResponse>;
  /** Validates a list and estimates when it would be sent. Nothing is queued. */
  estimate: (list: NewIngestion, options?: RequestOptions) => Promise<OutlookResponse>;
  /** Waits until every id has its outcome: the status is then `completed`, `failed` or `cancelled`. */
  waitUntilDone: (ingestionId: string, options?: WaitOptions) => Promise<StatusHeadResponse>;
  /** Yields the events of an ingestion until it is done. After a lost connection some events may come twice. */
  events: (ingestionId: string, options?: EventStreamOptions) => AsyncGenerator<IngestionEvent, undefined>;
  /** Yields ingestions, the newest first. */
  ingestions: (
    filter?: IngestionFilter,
    options?: RequestOptions,
  ) => AsyncGenerator<IngestionSummary, undefined>;
  /** Yields the results of an ingestion, in the order of its ids. */
  results: (
    ingestionId: string,
    filter?: ResultFilter,
    options?: RequestOptions,
  ) => AsyncGenerator<ResultView, undefined>;
  /** Yields the ids that failed for good, the newest first. */
  deadLetters: (
    filter?: DeadLetterFilter,
    options?: RequestOptions,
  ) => AsyncGenerator<DeadLetterView, undefined>;
  /** Yields the entries of the audit log, the newest first. */
  audit: (filter?: AuditFilter, options?: RequestOptions) => AsyncGenerator<AuditEntryView, undefined>;
}

/**
 * Creates a client of the service: `await sluice.submit({ ids: [1, 2, 3], priority: 'HIGH' })`. Ids are bigints in
 * responses, exact to the last digit. Requests are sent again after network errors and when the service asks for it.
 * @throws Error if JavaScript here cannot read and write exact numbers.
 */
export function createSluiceClient({
  maxRetries = MAX_RETRIES,
  fetch = (request) => globalThis.fetch(request),
  ...options
}: SluiceClientOptions): SluiceClient {
  const client = createHttpClient({ ...options, fetch: retrying(fetch, maxRetries) });
  return Object.assign(client, {
    submit: (list, { idempotencyKey = crypto.randomUUID(), signal } = {}) =>
      unwrap(
        client.POST('/ingest', {
          params: { header: { 'Idempotency-Key': idempotencyKey } },
          body: toBody(list),
          signal: signal ?? null,
        }),
      ),
    estimate: (list, { signal } = {}) =>
      unwrap(
        client.POST('/ingest', {
          params: { query: { dry_run: 'true' } },
          body: toBody(list),
          ...(signal && { signal }),
        }),
      ),
    waitUntilDone: (ingestionId, waitOptions = {}) => waitUntilDone(client, ingestionId, waitOptions),
    events: (ingestionId, eventOptions = {}) =>
      iterateEvents(
        (lastEventId, signal) => openEvents(client, ingestionId, lastEventId, signal),
        eventOptions,
      ),
    ingestions: (filter = {}, { signal = null } = {}) =>
      iteratePages(
        (after) => unwrap(client.GET('/ingestions', { params: { query: toQuery(filter, after) }, signal })),
        (page) => page.ingestions,
      ),
    results: (ingestionId, filter = {}, { signal = null } = {}) =>
      iteratePages(
        (after) => {
          const params = { path: { ingestion_id: ingestionId }, query: toQuery(filter, after) };
          return unwrap(client.GET('/ingestions/{ingestion_id}/results', { params, signal }));
        },
        (page) => page.results,
      ),
    deadLetters: (filter = {}, { signal = null } = {}) =>
      iteratePages(
        (after) => unwrap(client.GET('/dead-letters', { params: { query: toQuery(filter, after) }, signal })),
        (page) => page.dead_letters,
      ),
    audit: (filter = {}, { signal = null } = {}) =>
      iteratePages(
        (after) => unwrap(client.GET('/audit', { params: { query: toQuery(filter, after) }, signal })),
        (page) => page.entries,
      ),
  } satisfies Omit<SluiceClient, keyof HttpClient>);
}

function toBody(list: NewIngestion): IngestRequest {
  return { ...list, ids: [...list.ids] };
}

function toQuery<Filter extends object>(filter: Filter, after: string | undefined): Filter {
  return { ...filter, ...(after !== undefined && { after }) };
}

function openEvents(
  client: HttpClient,
  ingestionId: string,
  lastEventId: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  return unwrap(
    client.GET('/status/{ingestion_id}/events', {
      params: { path: { ingestion_id: ingestionId } },
      headers: { Accept: 'text/event-stream', ...(lastEventId !== '' && { 'Last-Event-ID': lastEventId }) },
      parseAs: 'stream',
      signal,
    }),
  ) as Promise<ReadableStream<Uint8Array>>;
}
