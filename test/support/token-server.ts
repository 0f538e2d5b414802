import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach } from '@jest/globals';

/** The answer of a token server: a status and a JSON value. */
export interface TokenAnswer {
  readonly status?: number;
  readonly json: unknown;
}

/** An OAuth 2.0 token server on loopback. By default it gives the tokens `token-1`, `token-2` and so on. */
export class TestTokenServer {
  readonly requests: { readonly headers: IncomingHttpHeaders; readonly form: Record<string, string> }[] = [];
  answer: (form: Record<string, string>) => TokenAnswer = () => this.next();
  private readonly server = createServer((request, response) => {
    void text(request).then((body) => {
      const form = Object.fromEntries(new URLSearchParams(body));
      this.requests.push({ headers: request.headers, form });
      const { status = 200, json } = this.answer(form);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    });
  });

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}/oauth/token`;
  }

  /** The next token in the usual form; `fields` are added to it. */
  next(fields: object = {}): TokenAnswer {
    const access_token = `token-${String(this.requests.length)}`;
    return { json: { access_token, token_type: 'Bearer', expires_in: 3600, ...fields } };
  }

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    if (this.server.listening) {
      this.server.closeAllConnections();
      this.server.close();
      await once(this.server, 'close');
    }
  }
}

/** Starts a token server for each test of a block. */
export function useTokenServer(): { readonly current: TestTokenServer } {
  let server = new TestTokenServer();
  beforeEach(async () => {
    server = new TestTokenServer();
    await server.start();
  });
  afterEach(() => server.stop());
  return {
    get current(): TestTokenServer {
      return server;
    },
  };
}
