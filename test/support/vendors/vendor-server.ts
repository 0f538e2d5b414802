import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach } from '@jest/globals';

export interface VendorRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** When it arrived, in ms. */
  readonly atMs: number;
}

export interface VendorResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** True if the vendor refuses the request because there were too many. */
  readonly isThrottled?: boolean;
}

/** A vendor's API: answers a request, and keeps its limits. */
export interface Vendor {
  respond(request: VendorRequest): VendorResponse;
}

/** A server with the API of a vendor. It counts what it was asked, and how often it refused. */
export class VendorServer {
  readonly requests: VendorRequest[] = [];
  throttled = 0;

  private readonly server = createServer((incoming, outgoing) => {
    const atMs = performance.now();
    void text(incoming).then((body) => {
      const url = new URL(incoming.url ?? '/', this.origin);
      const request = { method: incoming.method ?? '', url, headers: incoming.headers, body, atMs };
      this.requests.push(request);
      const { status = 200, headers, body: answer, isThrottled = false } = this.vendor.respond(request);
      this.throttled += isThrottled ? 1 : 0;
      outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(answer);
    });
  });

  constructor(private readonly vendor: Vendor) {}

  get origin(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Starts servers of vendors that stop with the test. */
export function useVendors(): (vendor: Vendor) => Promise<VendorServer> {
  const servers: VendorServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });
  return async (vendor) => {
    const server = await new VendorServer(vendor).start();
    servers.push(server);
    return server;
  };
}
