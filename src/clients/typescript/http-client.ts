import createClient, { type Client, type Middleware } from 'openapi-fetch';
import { assertExactJson, parseExact, stringifyExact } from './exact-json.js';
import type { IngestRequest, OutlookResponse, paths, Problem } from './schema.js';

export interface HttpClientOptions {
  /** The URL of the service: `http://localhost:8000`. */
  readonly baseUrl: string;
  /** Sent as `Authorization: Bearer …`. */
  readonly apiKey?: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Replaces the global `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** A `POST /ingest` that only validates the list and estimates when it would be sent. */
type DryRunPost = (
  path: '/ingest',
  init: {
    readonly params: { readonly query: { readonly dry_run: 'true' } };
    readonly body: IngestRequest;
    readonly signal?: AbortSignal;
  },
) => Promise<
  | { data: OutlookResponse; error?: never; response: Response }
  | { data?: never; error: Problem; response: Response }
>;

/** The requests of the service, typed by its OpenAPI document. */
export type HttpClient = Omit<Client<paths>, 'POST'> & { POST: Client<paths>['POST'] & DryRunPost };

/**
 * Creates a client that sends each request once: `await client.GET('/queue')`. Ids are bigints in responses, exact to
 * the last digit; in requests they may also be safe integers.
 * @throws Error if JavaScript here cannot read and write exact numbers.
 */
export function createHttpClient({ baseUrl, apiKey, headers = {}, fetch }: HttpClientOptions): HttpClient {
  assertExactJson();
  const client = createClient<paths>({
    baseUrl,
    headers: { ...headers, ...(apiKey !== undefined && { Authorization: `Bearer ${apiKey}` }) },
    bodySerializer: serializeBody,
    ...(fetch !== undefined && { fetch }),
  });
  client.use(readExactly);
  return client as HttpClient;
}

/** @throws RangeError if an id is a number that is not exact. */
function serializeBody(body: unknown): string {
  const { ids } = body as Partial<IngestRequest>;
  for (const [i, id] of Array.isArray(ids) ? ids.entries() : []) {
    if (typeof id === 'number' && Math.abs(id) > Number.MAX_SAFE_INTEGER) {
      throw new RangeError(`ids[${String(i)}] is a number that is not exact: use a bigint`);
    }
  }
  return stringifyExact(body);
}

/**
 * The client library calls `response.json()` if the response has a Content-Length; this sets one, and makes
 * `json()` parse exactly.
 */
const readExactly: Middleware = {
  async onResponse({ response, options }) {
    if (options.parseAs !== 'json' || !/\bjson\b/.test(response.headers.get('content-type') ?? '')) {
      return undefined;
    }
    const text = await response.text();
    const { status, statusText } = response;
    const headers = new Headers(response.headers);
    headers.set('content-length', String(new TextEncoder().encode(text).length));
    const exact = new Response(text, { status, statusText, headers });
    return Object.assign(exact, { json: async () => parseExact(text) });
  },
};
