import createClient, { type Client, type Middleware } from 'openapi-fetch';
import { assertExactJson, parseExact, stringifyExact } from './exact-json.js';
import type { paths } from './schema.js';

export interface SluiceClientOptions {
  /** The URL of the service: `http://localhost:8000`. */
  readonly baseUrl: string;
  /** Sent as `Authorization: Bearer …`. */
  readonly apiKey?: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Replaces the global `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

export type SluiceClient = Client<paths>;

/**
 * Creates a client of the service, typed by its OpenAPI document: `await sluice.GET('/queue')`. Ids are
 * bigints in requests and responses, exact to the last digit.
 * @throws Error if the runtime cannot parse and write exact integers.
 */
export function createSluiceClient({
  baseUrl,
  apiKey,
  headers = {},
  fetch,
}: SluiceClientOptions): SluiceClient {
  assertExactJson();
  const client = createClient<paths>({
    baseUrl,
    headers: { ...headers, ...(apiKey !== undefined && { Authorization: `Bearer ${apiKey}` }) },
    bodySerializer: stringifyExact,
    ...(fetch !== undefined && { fetch }),
  });
  client.use(readExactly);
  return client;
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
