import { request, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Connections } from './connections.js';
import type { SharedDeparture } from './shared-send-permit.js';

/** An upstream that closes so many connections before a request is written cannot be connected to. */
const MAX_LOST_CONNECTIONS = 5;
/** A connection may be used this much later than it should be: its timer fires as late as the event loop allows. */
const LATE_MS = 20;

/** Node.js fires a longer timer at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The connection is gone or too old, and nothing of the request was written. */
class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
}

/** The request could not be sent: nothing of it was written. `cause` says why. */
export class UnsentError extends Error {
  override readonly name = 'UnsentError';
}

/**
 * Sends a request as soon as it may leave, over a connection that is alive at that moment. A connection that is lost
 * before anything was written is replaced by another, as often as the upstream leaves one open.
 * @throws UnsentError where no connection can be made, or none stays open; the error of the departure or of the signal;
 * once the request is written, the error that broke it.
 */
export async function sendWhenDue(
  connections: Connections,
  options: RequestOptions,
  body: string,
  departure: SharedDeparture,
): Promise<IncomingMessage> {
  for (let lost = 0; lost < MAX_LOST_CONNECTIONS; lost++) {
    const departing = new DepartingRequest(connections, options);
    try {
      await departing.ready();
      await departing.unlessLost(departure.leave());
      const answer = departing.send(body);
      departure.left();
      return await answer;
    } catch (error) {
      departing.discard();
      if (!(error instanceof ConnectionLostError)) {
        throw error;
      }
      departure.missed();
    }
  }
  throw new UnsentError('the upstream closes its connections before a request is written');
}

/** A request that holds a connection and is not written yet. */
class DepartingRequest {
  private readonly request: ClientRequest;
  private readonly failed = Promise.withResolvers<never>();
  private readonly answer = Promise.withResolvers<IncomingMessage>();
  private state: 'connecting' | 'waiting' | 'written' = 'connecting';
  private growsOld: NodeJS.Timeout | undefined;

  constructor(
    private readonly connections: Connections,
    options: RequestOptions,
  ) {
    this.failed.promise.catch(() => undefined); // who waits for something is told
    this.answer.promise.catch(() => undefined);
    this.request = request({ ...options, agent: connections });
    this.request.on('error', (error) => {
      this.fail(error);
    });
    this.request.on('response', (response) => {
      if (this.state === 'written') {
        this.connections.answered(response.socket, String(response.headers['keep-alive'] ?? ''));
        this.answer.resolve(response);
      } else {
        response.destroy(); // an answer to nothing, such as a 408 of a server that waited for long enough
        this.fail(new ConnectionLostError('an answer came before the request'));
      }
    });
  }

  /** Resolves when the connection is made. */
  async ready(): Promise<void> {
    const socket = await this.unlessLost(this.assigned());
    await this.unlessLost(this.connections.connected(socket));
    this.state = 'waiting';
    if (this.connections.isUsed(socket)) {
      const oldInMs = Math.min(Math.max(0, this.connections.staleInMs(socket)), MAX_TIMER_MS);
      this.growsOld = setTimeout(() => {
        this.fail(new ConnectionLostError('the connection has grown old'));
      }, oldInMs);
      await this.unlessLost(nextTurn()); // a close that has arrived by now is seen before anything is written
    }
  }

  /** As `promise`; rejects as soon as the connection is lost or the call is aborted. */
  async unlessLost<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.failed.promise]);
  }

  /**
   * Writes the request, and resolves with the head of the answer.
   * @throws ConnectionLostError where the connection cannot carry it any more: nothing is written then.
   */
  send(body: string): Promise<IncomingMessage> {
    clearTimeout(this.growsOld);
    const { socket } = this.request;
    if (socket?.writable !== true || this.connections.staleInMs(socket) < -LATE_MS) {
      throw new ConnectionLostError('the connection is gone');
    }
    this.state = 'written';
    this.request.end(body);
    return this.answer.promise;
  }

  discard(): void {
    clearTimeout(this.growsOld);
    this.request.destroy();
  }

  private async assigned(): Promise<NonNullable<ClientRequest['socket']>> {
    return (
      this.request.socket ??
      new Promise((resolve) => {
        this.request.once('socket', resolve);
      })
    );
  }

  private fail(error: Error): void {
    if (this.state === 'written') {
      this.answer.reject(error);
    } else if (error.name === 'AbortError') {
      this.failed.reject(error);
    } else if (this.state === 'waiting') {
      this.failed.reject(new ConnectionLostError('the connection is lost', { cause: error }));
    } else {
      this.failed.reject(new UnsentError('no connection', { cause: error }));
    }
  }
}
