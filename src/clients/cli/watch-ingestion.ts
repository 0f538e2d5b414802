import { setTimeout as sleep } from 'node:timers/promises';
import type { ProgressResponse } from '../typescript/index.js';
import { CliError, EXIT } from './cli-error.js';
import { readEvents } from './sse-parser.js';
import type { Service } from './api-client.js';
import { isOver, type Standing } from './ingestion-status.js';

/** After so many streams that broke off without an event, it asks instead. */
const STREAMS_TRIED = 3;
const FAILURES_BORNE = 10;
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
const WAIT_SECONDS = 30;
/** Events carry no estimate: it is asked for again after so long. */
const ESTIMATE_AGE_MS = 5000;

/**
 * Yields how an ingestion stands, now and after every change, until it is over: by server-sent events, resumed where
 * the connection breaks off, or by long polls where no events come through.
 */
export async function* follow(
  service: Service,
  ingestionId: string,
  signal: AbortSignal,
): AsyncGenerator<Standing, undefined> {
  const follower = new Follower(service, ingestionId, signal);
  let standing = await follower.ask();
  yield standing;
  let failures = 0;
  while (!isOver(standing)) {
    const changes = failures < STREAMS_TRIED ? follower.listen(standing) : follower.poll(standing);
    let lost: Error | null = null;
    try {
      for await (const change of changes) {
        failures = 0;
        standing = change;
        yield standing;
      }
    } catch (error) {
      lost = service.lost(error) as Error;
    }
    if (!isOver(standing)) {
      failures += 1;
      bear(lost, failures);
      await sleep(Math.min(SHORTEST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS), undefined, { signal });
    }
  }
  return undefined;
}

class Follower {
  private lastEventId = '';
  private askedMs = 0;
  private readonly path: string;

  constructor(
    private readonly service: Service,
    private readonly ingestionId: string,
    private readonly signal: AbortSignal,
  ) {
    this.path = `/status/${encodeURIComponent(ingestionId)}/events`;
  }

  /** Answers after a change, or when the time to wait is over. */
  ask(waitSeconds = 0): Promise<Standing> {
    this.askedMs = performance.now();
    const path = { ingestion_id: this.ingestionId };
    const query = { batches: 'none' as const, wait: waitSeconds };
    return this.service.ask(
      this.service.client.GET('/status/{ingestion_id}', { params: { path, query }, signal: this.signal }),
    );
  }

  /** Until the stream ends, however it does. */
  async *listen(from: Standing): AsyncGenerator<Standing, undefined> {
    const response = await this.service.fetch(this.path, {
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
    for await (const { type, id, data } of readEvents(response.body)) {
      this.lastEventId = id;
      const change = toChange(type, data);
      if (change !== null) {
        standing = { ...standing, ...change };
      }
      if (type === 'progress' && performance.now() - this.askedMs > ESTIMATE_AGE_MS) {
        const { estimated_completion_at: estimate } = await this.ask();
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
  async *poll(from: Standing): AsyncGenerator<Standing, undefined> {
    for (let standing = from; !isOver(standing);) {
      standing = await this.ask(WAIT_SECONDS);
      yield standing;
    }
    return undefined;
  }
}

/** @throws what was lost, where there is no use in another try. */
function bear(lost: Error | null, failures: number): void {
  const isLasting = lost !== null && !(lost instanceof CliError && lost.exitCode === EXIT.unavailable);
  if (isLasting || failures > FAILURES_BORNE) {
    throw lost ?? new CliError('the service breaks off again and again', EXIT.unavailable);
  }
}

function toChange(type: string, data: string): Partial<Standing> | null {
  switch (type) {
    case 'status':
    case 'done':
      return JSON.parse(data) as Pick<Standing, 'status'>;
    case 'progress':
      return { progress: JSON.parse(data) as ProgressResponse };
    default:
      return null;
  }
}
