import { parseExact } from './exact-json.js';

/** Beside the page itself, whatever prefix it is served under. */
const BASE = new URL('.', window.location.href.replace(/[?#].*$/, ''));
const KEY_ITEM = 'sluice.key';

/** An answer that is not what was asked for, in the service's words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    message: string,
    readonly errors: readonly { readonly field: string; readonly message: string }[] = [],
  ) {
    super(message);
  }
}

/** The key of this tab, where one was given: gone with the tab, never in an address. */
export const apiKey = {
  get: (): string | null => sessionStorage.getItem(KEY_ITEM),
  set: (key: string): void => {
    sessionStorage.setItem(KEY_ITEM, key);
  },
  forget: (): void => {
    sessionStorage.removeItem(KEY_ITEM);
  },
};

export function addressOf(path: string): string {
  return new URL(path.replace(/^\//, ''), BASE).href;
}

export function authorization(): Record<string, string> {
  const key = apiKey.get();
  return key === null ? {} : { Authorization: `Bearer ${key}` };
}

type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export function withQuery(path: string, query: Query = {}): string {
  const parameters = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
  );
  return parameters.length === 0 ? path : `${path}?${new URLSearchParams(parameters).toString()}`;
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PATCH';
  readonly query?: Query;
  /** JSON text: ids are written by their digits. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** @throws ApiError for every answer but a success; TypeError where nothing answers. */
export async function call<T>(
  path: string,
  { method = 'GET', query, body, headers, signal }: Call = {},
): Promise<T> {
  const response = await fetch(addressOf(withQuery(path, query)), {
    method,
    headers: {
      Accept: 'application/json',
      ...authorization(),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body }),
    ...(signal !== undefined && { signal }),
    cache: 'no-store',
  });
  const text = await response.text();
  if (!response.ok) {
    throw toApiError(response.status, text);
  }
  return parseExact(text) as T;
}

export function toApiError(status: number, text: string): ApiError {
  try {
    const { detail, errors } = JSON.parse(text) as {
      detail?: string;
      errors?: { field: string; message: string }[];
    };
    return new ApiError(status, detail ?? `answered ${String(status)}`, errors);
  } catch {
    return new ApiError(status, `answered ${String(status)}`);
  }
}
