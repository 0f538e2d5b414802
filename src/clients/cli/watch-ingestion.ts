import { setTimeout as sleep } from 'node:timers/promises';
import type { ProgressResponse } from '../typescript/index.js';
import { CliError, EXIT } from './cli-error.js';
import { parseServerSentEvents } from './sse-parser.js';
import type { ApiClient } from './api-client.js';
import { isTerminal, type IngestionStatus } from './ingestion-status.js';

/** After so many streams that broke off without an event, it asks instead. */
const MAX_STREAM_ATTEMPTS = 3;
const MAX_CONSECUTIVE_FAILURES = 10;
const MIN_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5000;
const WAIT_SECONDS = 30;
/** Events carry no estimate: it is asked for again after so long. */
const ESTIMATE_AGE_MS = 5000;

/**
 * Yields how an ingestion stands, now and after every change, until it is over: by server-sent events, resumed where
 * the connection breaks off, or by long polls where no events come through.
 */
export async function* watchIngestion(
  apiClient: ApiClient,
  ingestionId: string,
  signal: AbortSignal,
): AsyncGenerator<IngestionStatus, undefined> {
  const ingestionWatcher = new IngestionWatcher(apiClient, ingestionId, signal);
  let standing = await ingestionWatcher.fetchStatus();
  yield standing;
  let failures = 0;
  while (!isTerminal(standing)) {
    const changes =
      failures < MAX_STREAM_ATTEMPTS ? ingestionWatcher.listen(standing) : ingestionWatcher.poll(standing);
    let lost: Error | null = null;
    try {
      for await (const change of changes) {
        failures = 0;
        standing = change;
        yield standing;
      }
    } catch (error) {
      lost = apiClient.wrapNetworkError(error) as Error;
    }
    if (!isTerminal(standing)) {
      failures += 1;
      assertRetryable(lost, failures);
      await sleep(Math.min(MIN_PAUSE_MS * 2 ** failures, MAX_PAUSE_MS), undefined, { signal });
    }
  }
  return undefined;
}

class IngestionWatcher {
  private lastEventId = '';
  private fetchedMs = 0;
  private readonly path: string;

  constructor(
    private readonly apiClient: ApiClient,
    private readonly ingestionId: string,
    private readonly signal: AbortSignal,
  ) {
    this.path = `/status/${encodeURIComponent(ingestionId)}/events`;
  }

  /** Answers after a change, or when the time to wait is over. */
  fetchStatus(waitSeconds = 0): Promise<IngestionStatus> {
    this.fetchedMs = performance.now();
    const path = { ingestion_id: this.ingestionId };
    const query = { batches: 'none' as const, wait: waitSeconds };
    return this.apiClient.unwrap(
      this.apiClient.client.GET('/status/{ingestion_id}', { params: { path, query }, signal: this.signal }),
    );
  }

  /** Until the stream ends, however it does. */
  async *listen(from: IngestionStatus): AsyncGenerator<IngestionStatus, undefined> {
    const response = await this.apiClient.fetch(this.path, {
      signal: this.signal,
      headers: { ...(this.lastEventId !== '' && { 'Last-Event-ID': this.lastEventId }) },
    });
    if (
      response.body === null ||
      response.headers.get('content-type')?.startsWith('text/event-stream') !== true
    ) {
      throw new CliError('no stream of events came', EXIT.unavailable);
    }
    let standing = from;
    for await (const { type, id, data } of parseServerSentEvents(response.body)) {
      this.lastEventId = id;
      const change = toChange(type, data);
      if (change !== null) {
        standing = { ...standing, ...change };
      }
      if (type === 'progress' && performance.now() - this.fetchedMs > ESTIMATE_AGE_MS) {
        const { estimated_completion_at: estimate } = await this.fetchStatus();
        standing = { ...standing, estimated_completion_at: estimate };
      }
      if (type === 'progress' || type === 'done') {
        yield standing; // a new status is told before the progress that goes with it
      }
      if (type === 'done') {
        return;
      }
    }
    return undefined;
  }

  /** Until it is over. */
  async *poll(from: IngestionStatus): AsyncGenerator<IngestionStatus, undefined> {
    for (let standing = from; !isTerminal(standing);) {
      standing = await this.fetchStatus(WAIT_SECONDS);
      yield standing;
    }
    return undefined;
  }
}

/** @throws what was lost, where there is no use in another try. */
function assertRetryable(lost: Error | null, failures: number): void {
  const isLasting = lost !== null && !(lost instanceof CliError && lost.exitCode === EXIT.unavailable);
  if (isLasting || failures > MAX_CONSECUTIVE_FAILURES) {
    throw lost ?? new CliError('the service breaks off again and again', EXIT.unavailable);
  }
}

function toChange(type: string, data: string): Partial<IngestionStatus> | null {
  switch (type) {
    case 'status':
    case 'done':
      return JSON.parse(data) as Pick<IngestionStatus, 'status'>;
    case 'progress':
      return { progress: JSON.parse(data) as ProgressResponse };
    default:
      return null;
  }
}
