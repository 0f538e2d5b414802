import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const FASTEST_MS = 1000;
const SLOWEST_MS = 3000;

/** A call, as the upstream recorded its start. */
export interface SeenDispatch {
  readonly ids: readonly number[];
  /** The start of the call, on the clock of `performance.now()`. */
  readonly atMs: number;
}

/** Simulates the API behind the gate: it takes 1 to 3 s an id and reports each call. */
export class Upstream {
  private readonly server: Server;

  constructor(onDispatch: (dispatch: SeenDispatch) => void) {
    this.server = createServer((request, response) => {
      const atMs = performance.now();
      answer(request, response, (ids) => {
        onDispatch({ ids, atMs });
      }).catch(() => response.destroy());
    });
  }

  /** Resolves with its URL after a first request, because the first one of a process is slower. */
  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const url = `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}/process`;
    await (await fetch(url)).text();
    return url;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  onDispatch: (ids: readonly number[]) => void,
): Promise<void> {
  if (request.method !== 'POST') {
    response.end();
    return;
  }
  const { ids } = JSON.parse(await text(request)) as { ids: number[] };
  onDispatch(ids);
  const results = ids.map(async (id) => {
    await sleep(FASTEST_MS + Math.random() * (SLOWEST_MS - FASTEST_MS));
    return { id, data: 'processed' };
  });
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ results: await Promise.all(results) }));
}
