import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';

export interface StreamEvent {
  readonly type: string;
  readonly id: string;
  readonly data: unknown;
}

/** A client of server-sent events over a socket of its own. */
export class EventStream {
  private constructor(
    readonly status: number,
    private readonly response: IncomingMessage,
  ) {}

  static async open(url: string, lastEventId?: string): Promise<EventStream> {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const [response] = (await once(request(url, { headers }).end(), 'response')) as [IncomingMessage];
    return new EventStream(response.statusCode ?? 0, response);
  }

  /** Yields the events until the service ends the stream. */
  async *events(): AsyncGenerator<StreamEvent, undefined> {
    let fields: Record<string, string> = {};
    for await (const line of createInterface({ input: this.response })) {
      const [, name = '', value = ''] = /^(\w+): (.*)$/.exec(line) ?? [];
      if (name !== '') {
        fields[name] = value;
      } else if (fields['data'] !== undefined) {
        const { event = '', id = '', data } = fields;
        yield { type: event, id, data: JSON.parse(data) };
        fields = {};
      }
    }
    return undefined;
  }

  /** Resolves with all events once the service ends the stream. */
  async toEnd(): Promise<StreamEvent[]> {
    return Array.fromAsync(this.events());
  }

  close(): void {
    this.response.destroy();
  }
}
