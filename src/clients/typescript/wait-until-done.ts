import { SluiceApiError, toProblem } from './api-error.js';
import type { HttpClient } from './http-client.js';
import { pause } from './retry.js';
import type { Status, StatusHeadResponse } from './schema.js';

/** The seconds that the service holds a request until the status changes. */
const WAIT_SECONDS = 30;
/** The minimum time between the starts of two requests, for a status that changes all the time. */
const MIN_POLL_INTERVAL_MS = 200;

export interface WaitOptions {
  /** Ends the wait: `AbortSignal.timeout(60_000)`. */
  readonly signal?: AbortSignal;
  /** Called with the status at the start and after each change. */
  readonly onChange?: (status: StatusHeadResponse) => void;
}

/** Returns true if every id of the ingestion has its outcome. */
export function isTerminal({ status }: { readonly status: Status }): boolean {
  return !['yet_to_start', 'triggered'].includes(status);
}

/**
 * Waits by long polls until every id of an ingestion has its outcome, and returns the status.
 * @throws SluiceApiError if the service refuses; the error of `fetch` if it cannot be reached; the reason of the
 * signal.
 */
export async function waitUntilDone(
  client: HttpClient,
  ingestionId: string,
  { signal, onChange }: WaitOptions,
): Promise<StatusHeadResponse> {
  let etag = '';
  for (let isFirst = true; ; isFirst = false) {
    const nextAtMs = performance.now() + MIN_POLL_INTERVAL_MS;
    const { data, error, response } = await client.GET('/status/{ingestion_id}', {
      params: {
        path: { ingestion_id: ingestionId },
        query: { batches: 'none', wait: isFirst ? 0 : WAIT_SECONDS },
        header: etag === '' ? {} : { 'If-None-Match': etag },
      },
      signal: signal ?? null,
    });
    if (data !== undefined) {
      onChange?.(data);
      if (isTerminal(data)) {
        return data;
      }
      etag = response.headers.get('etag') ?? '';
    } else if (response.status !== 304) {
      throw new SluiceApiError(response.status, toProblem(error));
    }
    await pause(Math.max(0, nextAtMs - performance.now()), signal);
  }
}
