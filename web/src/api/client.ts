import { createHttpClient } from '../../../src/clients/typescript/http-client.js';

/** Base URL of the service: the directory of the page, under any prefix. */
const BASE = new URL('.', document.baseURI);
const KEY_ITEM = 'sluice.key';

/** An answer other than the expected one; its message is the service's own. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    message: string,
    /** The field of the request that the answer names; null if it names none. */
    readonly field: string | null = null,
  ) {
    super(message);
  }
}

/** Stores the API key of this tab: it is removed with the tab, and is never part of a URL. */
export const apiKey = {
  get: (): string | null => sessionStorage.getItem(KEY_ITEM),
  set: (key: string): void => {
    sessionStorage.setItem(KEY_ITEM, key);
  },
  forget: (): void => {
    sessionStorage.removeItem(KEY_ITEM);
  },
};

export function toUrl(path: string): string {
  return new URL(path.replace(/^\//, ''), BASE).href;
}

export function authorization(): Record<string, string> {
  const key = apiKey.get();
  return key === null ? {} : { Authorization: `Bearer ${key}` };
}

let tellFailure: () => void = () => undefined;

/**
 * Sets the listener that is called when a request of `api` gets no answer or a status of 502 or above; the service or
 * its store may not be reachable.
 */
export function onFailedRequest(listener: () => void): void {
  tellFailure = listener;
}

/** Client of the service; it sends the key that is current at the time of the request. */
export const api = createHttpClient({
  baseUrl: BASE.href,
  fetch: async (request) => {
    for (const [name, value] of Object.entries(authorization())) {
      request.headers.set(name, value);
    }
    try {
      const response = await fetch(new Request(request, { cache: 'no-store' }));
      if (response.status >= 502) {
        tellFailure();
      }
      return response;
    } catch (error) {
      if (!request.signal.aborted) {
        tellFailure();
      }
      throw error;
    }
  },
});

/**
 * Returns the data of an answer.
 * @throws ApiError if the answer has no data; TypeError if nothing answers.
 */
export async function unwrap<Data>(
  asked: Promise<{ readonly data?: Data; readonly error?: unknown; readonly response: Response }>,
): Promise<Data> {
  const { data, error, response } = await asked;
  if (data === undefined) {
    throw new ApiError(
      response.status,
      toDetail(error) ?? `answered ${String(response.status)}`,
      toText(error, 'param') ?? null,
    );
  }
  return data;
}

/** Returns the query without parameters that are undefined, null or empty. */
export function compactQuery<Query extends object>(
  query: Query,
): { [Name in keyof Query]?: Exclude<Query[Name], null | undefined | ''> } {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as { [Name in keyof Query]?: Exclude<Query[Name], null | undefined | ''> };
}

export function toApiError(status: number, text: string): ApiError {
  try {
    return new ApiError(status, toDetail(JSON.parse(text)) ?? `answered ${String(status)}`);
  } catch {
    return new ApiError(status, `answered ${String(status)}`);
  }
}

function toDetail(problem: unknown): string | undefined {
  return toText(problem, 'detail');
}

function toText(problem: unknown, name: string): string | undefined {
  return typeof problem === 'object' && problem !== null && name in problem
    ? String((problem as Readonly<Record<string, unknown>>)[name])
    : undefined;
}
