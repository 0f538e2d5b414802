import { setTimeout as sleep } from 'node:timers/promises';
import { readEvents, type IngestionEvent } from '../typescript/ingestion-events.js';
import { isTerminal } from '../typescript/wait-until-done.js';
import { AccessLostError, CliError, EXIT } from './cli-error.js';
import type { ApiClient } from './api-client.js';
import type { IngestionStatus } from './ingestion-status.js';

/** After this many streams that ended without an event, it polls instead. */
const MAX_STREAM_ATTEMPTS = 3;
const MAX_CONSECUTIVE_FAILURES = 10;
const MIN_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5000;
const WAIT_SECONDS = 30;
/** Events have no estimate, so it is fetched again after this time. */
const ESTIMATE_AGE_MS = 5000;

/**
 * Yields the status of an ingestion, now and after every change, until it is terminal: by server-sent events,
 * resumed after a lost connection, or by long polls if events do not arrive.
 */
export async function* watchIngestion(
  apiClient: ApiClient,
  ingestionId: string,
  signal: AbortSignal,
): AsyncGenerator<IngestionStatus, undefined> {
  const ingestionWatcher = new IngestionWatcher(apiClient, ingestionId, signal);
  let current = await ingestionWatcher.fetchStatus();
  yield current;
  let failures = 0;
  while (!isTerminal(current)) {
    const changes =
      failures < MAX_STREAM_ATTEMPTS ? ingestionWatcher.listen(current) : ingestionWatcher.poll(current);
    let lastError: Error | null = null;
    try {
      for await (const change of changes) {
        failures = 0;
        current = change;
        yield current;
      }
    } catch (error) {
      lastError = apiClient.wrapError(error) as Error;
    }
    if (!isTerminal(current)) {
      failures += 1;
      assertRetryable(lastError, failures);
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

  /** Fetches the status after a change, or after `waitSeconds`. */
  fetchStatus(waitSeconds = 0): Promise<IngestionStatus> {
    this.fetchedMs = performance.now();
    const path = { ingestion_id: this.ingestionId };
    const query = { batches: 'none' as const, wait: waitSeconds };
    return this.apiClient.unwrap(
      this.apiClient.client.GET('/status/{ingestion_id}', { params: { path, query }, signal: this.signal }),
    );
  }

  /** Yields changes until the stream ends, normally or not. */
  async *listen(from: IngestionStatus): AsyncGenerator<IngestionStatus, undefined> {
    let current = from;
    for await (const event of readEvents((signal) => this.openEvents(signal), this.signal)) {
      this.lastEventId = event.id;
      current = { ...current, ...toChange(event) };
      if (event.type === 'progress' && performance.now() - this.fetchedMs > ESTIMATE_AGE_MS) {
        const { estimated_completion_at: estimate, held_by: heldBy } = await this.fetchStatus();
        current = { ...current, estimated_completion_at: estimate, held_by: heldBy };
      }
      if (event.type === 'progress' || event.type === 'held_by' || event.type === 'done') {
        yield current; // a new status comes before the progress that belongs to it
      }
      if (event.type === 'done') {
        return;
      }
    }
    return undefined;
  }

  /** Requests the stream of events after the last one. */
  private async openEvents(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const { body, headers } = await this.apiClient.fetch(this.path, {
      signal,
      headers: { ...(this.lastEventId !== '' && { 'Last-Event-ID': this.lastEventId }) },
    });
    if (body === null || headers.get('content-type')?.startsWith('text/event-stream') !== true) {
      throw new CliError('no stream of events came', EXIT.unavailable);
    }
    return body;
  }

  /** Yields changes by long polls until the ingestion is terminal. */
  async *poll(from: IngestionStatus): AsyncGenerator<IngestionStatus, undefined> {
    for (let current = from; !isTerminal(current);) {
      current = await this.fetchStatus(WAIT_SECONDS);
      yield current;
    }
    return undefined;
  }
}

/** @throws the last error if a retry is useless. */
function assertRetryable(lastError: Error | null, failures: number): void {
  const isLasting =
    lastError !== null &&
    (lastError instanceof AccessLostError ||
      !(lastError instanceof CliError && lastError.exitCode === EXIT.unavailable));
  if (isLasting || failures > MAX_CONSECUTIVE_FAILURES) {
    throw lastError ?? new CliError('the service breaks off again and again', EXIT.unavailable);
  }
}

function toChange({ type, data }: IngestionEvent): Partial<IngestionStatus> {
  switch (type) {
    case 'status':
    case 'held_by':
    case 'done':
      return data;
    case 'progress':
      return { progress: data };
    case 'batch':
      return {};
  }
}
