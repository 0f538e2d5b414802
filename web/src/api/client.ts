import { createSluiceClient } from '../../../src/clients/typescript/sluice-client.js';

/** Beside the page itself, whatever prefix it is served under. */
const BASE = new URL('.', window.location.href.replace(/[?#].*$/, ''));
const KEY_ITEM = 'sluice.key';

/** An answer that is not what was asked for, in the service's words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    message: string,
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

export function toUrl(path: string): string {
  return new URL(path.replace(/^\//, ''), BASE).href;
}

export function authorization(): Record<string, string> {
  const key = apiKey.get();
  return key === null ? {} : { Authorization: `Bearer ${key}` };
}

let tellFailure: () => void = () => undefined;

/** `listener` is called when a request of `api` has no answer, or one of 502 to 504: the service or its store may be away. */
export function onFailedRequest(listener: () => void): void {
  tellFailure = listener;
}

/** The service's own client, with the key of the moment. */
export const api = createSluiceClient({
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
 * What was asked for.
 * @throws ApiError for every answer but a success; TypeError where nothing answers.
 */
export async function unwrap<Data>(
  asked: Promise<{ readonly data?: Data; readonly error?: unknown; readonly response: Response }>,
): Promise<Data> {
  const { data, error, response } = await asked;
  if (data === undefined) {
    throw new ApiError(response.status, toDetail(error) ?? `answered ${String(response.status)}`);
  }
  return data;
}

/** Parameters that are given. */
export function compactQuery<Query extends object>(
  query: Query,
): { [Name in keyof Query]?: NonNullable<Query[Name]> } {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as { [Name in keyof Query]?: NonNullable<Query[Name]> };
}

export function toApiError(status: number, text: string): ApiError {
  try {
    return new ApiError(status, toDetail(JSON.parse(text)) ?? `answered ${String(status)}`);
  } catch {
    return new ApiError(status, `answered ${String(status)}`);
  }
}

function toDetail(problem: unknown): string | undefined {
  return typeof problem === 'object' && problem !== null && 'detail' in problem
    ? String(problem.detail)
    : undefined;
}
