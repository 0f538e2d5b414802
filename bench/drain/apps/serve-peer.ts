import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A job queue with a worker whose handler does nothing. */
export interface Peer {
  /** Stores one job for each id, in one call of the queue. Resolves with the name of the last job in the queue. */
  accept(ids: readonly number[]): Promise<string>;
  /** Starts the worker. */
  work(): Promise<void>;
  /** Stops the worker. */
  rest(): Promise<void>;
  /** Reads the state of a job from the store; `completed` if it is done. */
  stateOf(job: string): Promise<string>;
  /** Counts the jobs in the store that are not done. */
  countPending(): Promise<number>;
}

/** Jobs accepted by one call of the queue, so that the parameters of one statement stay within its limits. */
const JOBS_PER_CALL = 5_000;

/** Lets the benchmark command a peer by HTTP, and read the state of a job meanwhile. */
export function servePeer(name: string, peer: Peer): void {
  let nextId = 1;
  const accept = async (jobs: number): Promise<string> => {
    const end = nextId + jobs;
    let last = '';
    while (nextId < end) {
      const first = nextId;
      const size = Math.min(JOBS_PER_CALL, end - first);
      last = await peer.accept(Array.from({ length: size }, (_, i) => first + i));
      nextId += size;
    }
    return last;
  };
  const respond = async (method: string, url: URL): Promise<unknown> => {
    switch (`${method} ${url.pathname}`) {
      case 'POST /accept':
        return { last: await accept(Number(url.searchParams.get('jobs'))) };
      case 'POST /work':
        await peer.work();
        return {};
      case 'POST /rest':
        await peer.rest();
        return {};
      case 'GET /status':
        return { status: await peer.stateOf(url.searchParams.get('job') ?? '') };
      case 'GET /pending':
        return { pending: await peer.countPending() };
      default:
        throw new Error(`there is no ${method} ${url.pathname}`);
    }
  };
  const server = createServer((request, response) => {
    respond(request.method ?? '', new URL(request.url ?? '', 'http://localhost')).then(
      (body) => {
        send(response, 200, body);
      },
      (error: unknown) => {
        send(response, 500, { error: String(error) });
      },
    );
  });
  server.listen(0, '127.0.0.1', () => {
    console.log(`${name} listens on http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
