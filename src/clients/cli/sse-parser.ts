export interface ServerSentEvent {
  readonly type: string;
  readonly id: string;
  readonly data: string;
}

/** Parses the events of a `text/event-stream` in the form that the service writes. */
export async function* parseServerSentEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerSentEvent, undefined> {
  let rest = '';
  let fields: Record<string, string> = {};
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') {
        const [, name = '', value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
        fields[name] = value;
        continue;
      }
      const { event = 'message', id = '', data } = fields;
      if (data !== undefined) {
        yield { type: event, id, data };
      }
      fields = {};
    }
  }
  return undefined;
}
