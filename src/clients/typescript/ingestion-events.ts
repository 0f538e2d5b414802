import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { SluiceApiError } from './api-error.js';
import { parseExact } from './exact-json.js';
import { backoff, MAX_RETRIES, pause } from './retry.js';
import type { BatchStatus, HeldByResponse, ProgressResponse, Status } from './schema.js';

interface EventOf<Type extends string, Data> {
  readonly type: Type;
  /** A stream that starts with this `lastEventId` continues after the event. */
  readonly id: string;
  readonly data: Data;
}

/** A change of an ingestion. `held_by` says what holds its lane, null if nothing does. `done` is the last event. */
export type IngestionEvent =
  | EventOf<'status' | 'done', { readonly status: Status }>
  | EventOf<'batch', BatchStatus>
  | EventOf<'progress', ProgressResponse>
  | EventOf<'held_by', { readonly held_by: HeldByResponse | null }>;

export interface EventStreamOptions {
  /** The `id` of the last event that was handled: the stream continues after it. */
  readonly lastEventId?: string;
  readonly signal?: AbortSignal;
}

/** The service sends a comment every 15 s. A stream that is silent for longer is dead. */
const MAX_SILENCE_MS = 45_000;
/** The id of the last event: after it there is nothing to resume. */
const LAST_EVENT = 'done';

/**
 * Yields the events of an ingestion until it is done. A broken stream is resumed after its last event; then some
 * events may come twice, none is missed. It gives up after several streams in a row without an event.
 * @param open requests the stream, with retries, from the event after `lastEventId` on.
 * @throws SluiceApiError if the service refuses; the last error of the connection; the reason of the signal.
 */
export async function* iterateEvents(
  open: (lastEventId: string, signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>,
  { lastEventId = '', signal }: EventStreamOptions,
): AsyncGenerator<IngestionEvent, undefined> {
  for (let failures = 0; lastEventId !== LAST_EVENT; failures += 1) {
    let lastError: unknown = new Error('the stream of events ended without an event');
    try {
      for await (const event of readEvents((aborted) => open(lastEventId, aborted), signal)) {
        lastEventId = event.id;
        failures = 0;
        yield event;
      }
    } catch (error) {
      if (error instanceof SluiceApiError) {
        throw error;
      }
      lastError = error;
    }
    signal?.throwIfAborted();
    if (lastEventId === LAST_EVENT) {
      return undefined;
    }
    if (failures === MAX_RETRIES) {
      throw lastError;
    }
    await pause(backoff(failures), signal);
  }
  return undefined;
}

/**
 * Yields the events of one stream until it ends.
 * @throws the error of `open` or of the connection; SluiceApiError if the key or token has ended; Error after 45 s of
 * silence; the reason of the signal.
 */
export async function* readEvents(
  open: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>,
  signal: AbortSignal | undefined,
): AsyncGenerator<IngestionEvent, undefined> {
  const controller = new AbortController();
  const body = await open(
    signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]),
  );
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    for (;;) {
      timer = setTimeout(() => {
        controller.abort(new Error(`the stream of events was silent for ${String(MAX_SILENCE_MS / 1000)} s`));
      }, MAX_SILENCE_MS);
      const { done, value } = await reader.read();
      clearTimeout(timer);
      if (done) {
        return undefined;
      }
      parser.feed(decoder.decode(value, { stream: true }));
      yield* messages
        .splice(0)
        .map(toEvent)
        .filter((event) => event !== null);
    }
  } finally {
    clearTimeout(timer);
    controller.abort();
    await reader.cancel().catch(() => undefined); // a broken stream needs no cancel
  }
}

/**
 * Returns the event; null if its type is unknown, which a later release may add.
 * @throws SluiceApiError if the service ends the stream because the key or token has ended.
 */
function toEvent({ event: type = 'message', id = '', data }: EventSourceMessage): IngestionEvent | null {
  if (type === 'access_ended') {
    const { reason, detail } = JSON.parse(data) as { reason: string; detail: string };
    const status = reason === 'reduced' ? 403 : 401; // only a scope is lost, or all access
    throw new SluiceApiError(status, {
      detail,
      status_code: status,
      type: 'about:blank',
      title: status === 401 ? 'Unauthorized' : 'Forbidden',
      status,
      code: status === 401 ? 'unauthenticated' : 'forbidden',
    });
  }
  return ['status', 'batch', 'progress', 'held_by', 'done'].includes(type)
    ? ({ type, id, data: parseExact(data) } as IngestionEvent)
    : null;
}
