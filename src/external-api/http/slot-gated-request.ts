import { request, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Connections } from './connections.js';
import type { SharedSendPermit } from './shared-send-permit.js';

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
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

/**
 * Sends a request as soon as it may leave, over a connection that is alive at that moment. A connection that is lost
 * before anything was written is replaced by another, as often as the upstream leaves one open.
 * @throws NotSentError where no connection can be made, or none stays open; the error of the departure or of the signal;
 * once the request is written, the error that broke it.
 */
export async function sendAtSlot(
  connections: Connections,
  options: RequestOptions,
  body: string,
  departure: SharedSendPermit,
): Promise<IncomingMessage> {
  for (let lost = 0; lost < MAX_LOST_CONNECTIONS; lost++) {
    const departing = new SlotGatedRequest(connections, options);
    try {
      await departing.ready();
      await departing.untilLost(departure.beforeSend());
      const answer = departing.send(body);
      departure.onSent();
      return await answer;
    } catch (error) {
      departing.discard();
      if (!(error instanceof ConnectionLostError)) {
        throw error;
      }
      departure.missed();
    }
  }
  throw new NotSentError('the upstream closes its connections before a request is written');
}

/** A request that holds a connection and is not written yet. */
class SlotGatedRequest {
  private readonly request: ClientRequest;
  private readonly failed = Promise.withResolvers<never>();
  private readonly response = Promise.withResolvers<IncomingMessage>();
  private state: 'connecting' | 'waiting' | 'written' = 'connecting';
  private isStale: NodeJS.Timeout | undefined;

  constructor(
    private readonly connections: Connections,
    options: RequestOptions,
  ) {
    this.failed.promise.catch(() => undefined); // who waits for something is told
    this.response.promise.catch(() => undefined);
    this.request = request({ ...options, agent: connections });
    this.request.on('error', (error) => {
      this.fail(error);
    });
    this.request.on('response', (response) => {
      if (this.state === 'written') {
        this.connections.recordResponse(response.socket, String(response.headers['keep-alive'] ?? ''));
        this.response.resolve(response);
      } else {
        response.destroy(); // an answer to nothing, such as a 408 of a server that waited for long enough
        this.fail(new ConnectionLostError('an answer came before the request'));
      }
    });
  }

  /** Resolves when the connection is made. */
  async ready(): Promise<void> {
    const socket = await this.untilLost(this.assigned());
    await this.untilLost(this.connections.connected(socket));
    this.state = 'waiting';
    if (this.connections.isUsed(socket)) {
      const oldInMs = Math.min(Math.max(0, this.connections.staleInMs(socket)), MAX_TIMER_MS);
      this.isStale = setTimeout(() => {
        this.fail(new ConnectionLostError('the connection has grown old'));
      }, oldInMs);
      await this.untilLost(nextTurn()); // a close that has arrived by now is seen before anything is written
    }
  }

  /** As `promise`; rejects as soon as the connection is lost or the call is aborted. */
  async untilLost<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.failed.promise]);
  }

  /**
   * Writes the request, and resolves with the head of the answer.
   * @throws ConnectionLostError where the connection cannot carry it any more: nothing is written then.
   */
  send(body: string): Promise<IncomingMessage> {
    clearTimeout(this.isStale);
    const { socket } = this.request;
    if (socket?.writable !== true || this.connections.staleInMs(socket) < -LATE_MS) {
      throw new ConnectionLostError('the connection is gone');
    }
    this.state = 'written';
    this.request.end(body);
    return this.response.promise;
  }

  discard(): void {
    clearTimeout(this.isStale);
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
      this.response.reject(error);
    } else if (error.name === 'AbortError') {
      this.failed.reject(error);
    } else if (this.state === 'waiting') {
      this.failed.reject(new ConnectionLostError('the connection is lost', { cause: error }));
    } else {
      this.failed.reject(new NotSentError('no connection', { cause: error }));
    }
  }
}
