import { createParser } from 'eventsource-parser';
import { toUrl, authorization, toApiError } from '../api/client.js';

export interface StreamEvent {
  /** The type of the event; `comment` for a comment, which only shows that the stream is alive. */
  readonly type: string;
  readonly data: string;
}

/**
 * Yields server-sent events over `fetch`, because an `EventSource` cannot send a key. Ends with the stream.
 * @throws ApiError if the service refuses; TypeError if nothing answers.
 */
export async function* openEventStream(
  path: string,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent, undefined> {
  const response = await fetch(toUrl(path), {
    headers: { Accept: 'text/event-stream', ...authorization() },
    cache: 'no-store',
    signal,
  });
  if (!response.ok || response.body === null) {
    throw toApiError(response.status, await response.text());
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const parser = new EventParser();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return undefined;
    }
    yield* parser.push(value);
  }
}

/** Cuts the text of a stream into events, and keeps the comments. */
export class EventParser {
  private readonly parsed: StreamEvent[] = [];
  private readonly parser = createParser({
    onEvent: ({ event: type = 'message', data }) => this.parsed.push({ type, data }),
    onComment: () => this.parsed.push({ type: 'comment', data: '' }),
  });

  /** Returns the events that end in this chunk. */
  push(chunk: string): StreamEvent[] {
    this.parser.feed(chunk);
    return this.parsed.splice(0);
  }
}
