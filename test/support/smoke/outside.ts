import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Larger than what the service parses itself: a thread parses this answer. */
const LARGE_ANSWER = JSON.stringify({ text: 'a'.repeat(100_000) });

/** Ids with an answer of their own. */
export const LARGE_ID = 4;
export const REFUSED_ID = 5;

export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** All servers that a service talks to: an upstream (`/items/{id}`), a receiver of webhooks (`/hook`), a collector of traces. */
export class Outside {
  readonly received: Received[] = [];

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Outside> {
    const server = createServer();
    const outside = new Outside(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void outside.answer(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return outside;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  requestsTo(path: string): Received[] {
    return this.received.filter((each) => each.path.startsWith(path));
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    this.received.push({ path, headers: request.headers, body: await buffer(request) });
    const [, id] = /^\/items\/(\d+)$/.exec(path) ?? [];
    response.setHeader('Content-Type', 'application/json');
    if (Number(id) === REFUSED_ID) {
      response.writeHead(404).end('{"error":"no such item"}');
    } else {
      response.end(Number(id) === LARGE_ID ? LARGE_ANSWER : `{"item":${id ?? '0'}}`);
    }
  }
}
