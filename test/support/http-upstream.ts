import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeEach } from '@jest/globals';
import { SystemRuntime } from '../../src/domain/system-runtime.js';
import { UpstreamCallError, type UpstreamResult } from '../../src/external-api/external-api.js';
import { HttpExternalApi } from '../../src/external-api/http/http-external-api.js';
import { STANDARD_RATE_LIMIT_NAMES } from '../../src/external-api/http/rate-limit-names.js';
import { ResponseParser } from '../../src/external-api/http/response-parser.js';
import type { UpstreamOptions } from '../../src/external-api/http/upstream.options.js';
import { upstreamCall } from './upstream-call.js';

export const NEVER = new AbortController().signal;
export const CALL = upstreamCall({ dispatchId: '0198c0de-0000-7000-8000-000000000001', ids: [1n, 2n] });
export const MAX_BYTES = 16 * 1024 * 1024;
export const EXACT = [9007199254740993n, 9223372036854775808n, 10000000000000000007n];

/** Names and paddings of answers: JSON of any length says the same, and a long text is read in a thread. */
export const ANSWER_LENGTHS = [
  ['short', ''],
  ['long', ' '.repeat(70_000)],
] as const;

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server that answers the HTTP upstream as the test says. */
export class HttpUpstream {
  readonly parser = new ResponseParser();
  received: Received[] = [];
  respond: (response: ServerResponse) => void = (response) => response.destroy();
  private readonly server = createServer((request, response) => {
    void text(request).then((body) => {
      this.received.push({ method: request.method, url: request.url, headers: request.headers, body });
      this.respond(response);
    });
  });
  private opened: HttpExternalApi | undefined;

  constructor(private readonly padding: string) {}

  get api(): HttpExternalApi {
    this.opened ??= new HttpExternalApi(this.options('/process?kind=a'), this.parser, new SystemRuntime());
    return this.opened;
  }

  async start(): Promise<void> {
    this.received = [];
    this.opened = undefined;
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  urlOf(path: string): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}${path}`;
  }

  options(path: string, settings: Partial<UpstreamOptions> = {}): UpstreamOptions {
    return {
      url: this.urlOf(path),
      method: 'POST',
      headers: {},
      tokenFile: null,
      ca: null,
      maxResponseBytes: MAX_BYTES,
      rateLimitNames: STANDARD_RATE_LIMIT_NAMES,
      ...settings,
    };
  }

  answerWith(body: string, status = 200): Promise<readonly UpstreamResult[]> {
    this.respond = (response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(this.padding + body);
    };
    return this.api.process(CALL, NEVER);
  }
}

/** Starts a server for each test of the suite that calls it. Its answers begin with `padding`. */
export function useHttpUpstream(padding: string): HttpUpstream {
  const upstream = new HttpUpstream(padding);
  beforeEach(() => upstream.start());
  afterEach(() => upstream.stop());
  afterAll(() => upstream.parser.onApplicationShutdown());
  return upstream;
}

/** Resolves with the error of a call that fails. */
export async function failureOf(call: Promise<unknown>): Promise<UpstreamCallError> {
  const failure = await call.catch((error: unknown) => error);
  if (!(failure instanceof UpstreamCallError)) {
    throw new Error('the call did not fail as a call');
  }
  return failure;
}
