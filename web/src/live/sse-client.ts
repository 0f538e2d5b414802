import { toUrl, authorization, toApiError } from '../api/client.js';

export interface StreamEvent {
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

/**
 * Splits the text of a stream into events (HTML, section 9.2.6); supports only the syntax that this service writes.
 */
export class EventParser {
  private rest = '';

  push(chunk: string): StreamEvent[] {
    const blocks = (this.rest + chunk).replaceAll('\r\n', '\n').split('\n\n');
    this.rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => toEvent(block) ?? []);
  }
}

function toEvent(block: string): StreamEvent | null {
  let type = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (field === 'event') {
      type = value;
    } else if (field === 'data') {
      data.push(value);
    }
  }
  if (data.length === 0) {
    return block.startsWith(':') ? { type: 'comment', data: '' } : null;
  }
  return { type, data: data.join('\n') };
}
