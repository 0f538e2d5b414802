/** With the pauses between them, these last about half a minute: the restart of a service. */
export const MAX_RETRIES = 8;
const MIN_PAUSE_MS = 250;
const MAX_PAUSE_MS = 8000;
/** A longer `Retry-After` is not waited for: the caller gets the response. */
const MAX_RETRY_AFTER_MS = 60_000;
/** A retry may not begin later: the service knows an idempotency key for 300 s by default. */
const MAX_TOTAL_MS = 240_000;

type Fetch = (request: Request) => Promise<Response>;

/**
 * Wraps `fetch` so that it sends a request again that had no effect or may be repeated:
 * - any request after 429, or after 503 with `Retry-After`, because the service did not accept it;
 * - GET, HEAD and requests with an `Idempotency-Key` also after a network error, 502, 503 and 504.
 *
 * Every attempt has the same headers. A body that is not JSON may be a stream, so it is sent once. After the last
 * attempt the caller gets its response or error.
 */
export function retrying(fetch: Fetch, maxRetries: number): Fetch {
  return async (request) => {
    const endMs = performance.now() + MAX_TOTAL_MS;
    for (let retries = 0; ; retries += 1) {
      if (retries === maxRetries || !isReplayable(request)) {
        return fetch(request);
      }
      const outcome = await attempt(fetch, request);
      const pauseMs = toPauseMs(request, outcome, retries);
      if (pauseMs === null || performance.now() + pauseMs > endMs) {
        return settle(outcome);
      }
      await outcome.response?.body?.cancel().catch(() => undefined); // a broken body needs no cancel
      await pause(pauseMs, request.signal);
    }
  };
}

interface Outcome {
  readonly response?: Response;
  readonly error?: unknown;
}

/** Sends a copy of the request, so that its body can be sent again. */
async function attempt(fetch: Fetch, request: Request): Promise<Outcome> {
  try {
    return { response: await fetch(request.clone()) };
  } catch (error) {
    request.signal.throwIfAborted();
    return { error };
  }
}

function settle({ response, error }: Outcome): Response {
  if (response === undefined) {
    throw error;
  }
  return response;
}

/** Returns the pause before the next attempt; null if there must be none. */
function toPauseMs(request: Request, { response }: Outcome, retries: number): number | null {
  const backoffMs = backoff(retries);
  if (response === undefined) {
    return isIdempotent(request) ? backoffMs : null;
  }
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'));
  const isRefused = response.status === 429 || (response.status === 503 && retryAfterMs !== null);
  const isUnavailable = [502, 503, 504].includes(response.status) && isIdempotent(request);
  if (!isRefused && !isUnavailable) {
    return null;
  }
  return retryAfterMs === null ? backoffMs : retryAfterMs <= MAX_RETRY_AFTER_MS ? retryAfterMs : null;
}

/** Returns a pause that doubles with each retry, with up to half of it left out at random. */
export function backoff(retries: number): number {
  return Math.min(MIN_PAUSE_MS * 2 ** retries, MAX_PAUSE_MS) * (1 - Math.random() / 2);
}

function isIdempotent({ method, headers }: Request): boolean {
  return method === 'GET' || method === 'HEAD' || headers.has('idempotency-key');
}

function isReplayable({ method, headers }: Request): boolean {
  const type = headers.get('content-type');
  return method === 'GET' || type === null || /^application\/json\b/i.test(type);
}

/** Returns the milliseconds of a `Retry-After` in seconds or as a date; null if there is none. */
function parseRetryAfter(value: string | null): number | null {
  const seconds = Number(value ?? '');
  if (value === null || value.trim() === '' || Number.isNaN(seconds)) {
    const atMs = Date.parse(value ?? '');
    return Number.isNaN(atMs) ? null : Math.max(0, atMs - Date.now());
  }
  return seconds >= 0 ? seconds * 1000 : null;
}

/** Resolves after the time. @throws the reason of the signal if that aborts first. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => {
    resolve(undefined);
  }, ms);
  const onAbort = (): void => {
    reject(signal?.reason as Error);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
