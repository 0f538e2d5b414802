import { request, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Connections } from './connections.js';
import type { SharedSendPermit } from './shared-send-permit.js';
import { MAX_TIMER_MS, type Runtime, type Timer } from '../../domain/runtime.js';

/** After this many connections were closed before a request was written, the upstream counts as not reachable. */
const MAX_LOST_CONNECTIONS = 5;
/** A connection may be used this much after its limit: its timer fires as late as the event loop allows. */
const LATE_MS = 20;

/** The connection is closed or too old, and nothing of the request was written. */
class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
}

/** The request could not be sent: nothing of it was written. `cause` has the reason. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

/**
 * Sends a request as soon as it may be sent, on a connection that is open at that moment. A connection that
 * closes before anything was written is replaced, for up to five connections.
 * @throws NotSentError if no connection can be opened, or none stays open; the error of `beforeSend` or of
 * the signal; after the request is written, the error that broke it.
 */
export async function sendAtSlot(
  connections: Connections,
  options: RequestOptions,
  body: string,
  sendPermit: SharedSendPermit,
  runtime: Runtime,
): Promise<IncomingMessage> {
  for (let lost = 0; lost < MAX_LOST_CONNECTIONS; lost++) {
    const gatedRequest = new SlotGatedRequest(connections, options, runtime);
    try {
      await gatedRequest.ready();
      await gatedRequest.untilLost(sendPermit.beforeSend());
      const answer = gatedRequest.send(body);
      sendPermit.onSent();
      return await answer;
    } catch (error) {
      gatedRequest.discard();
      if (!(error instanceof ConnectionLostError)) {
        throw error;
      }
      sendPermit.missed();
    }
  }
  throw new NotSentError('the upstream closes its connections before a request is written');
}

/** A request that has a connection and is not written yet. */
class SlotGatedRequest {
  private readonly request: ClientRequest;
  private readonly failed = Promise.withResolvers<never>();
  private readonly response = Promise.withResolvers<IncomingMessage>();
  private state: 'connecting' | 'waiting' | 'written' = 'connecting';
  private isStale: Timer | undefined;

  constructor(
    private readonly connections: Connections,
    options: RequestOptions,
    private readonly runtime: Runtime,
  ) {
    this.failed.promise.catch(() => undefined); // methods that wait for it receive the error
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
        response.destroy(); // a response without a request, such as a 408 of a server whose timeout has passed
        this.fail(new ConnectionLostError('a response arrived before the request was sent'));
      }
    });
  }

  /** Resolves when the connection is open. */
  async ready(): Promise<void> {
    const socket = await this.untilLost(this.assigned());
    await this.untilLost(this.connections.connected(socket));
    this.state = 'waiting';
    if (this.connections.isUsed(socket)) {
      const oldInMs = Math.min(Math.max(0, this.connections.staleInMs(socket)), MAX_TIMER_MS);
      this.isStale = this.runtime.setTimeout(() => {
        this.fail(new ConnectionLostError('the connection is too old'));
      }, oldInMs);
      await this.untilLost(this.runtime.nextTurn()); // a close that has already arrived must be seen before anything is written
    }
  }

  /** Resolves like `promise`; rejects as soon as the connection closes or the request is aborted. */
  async untilLost<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.failed.promise]);
  }

  /**
   * Writes the request. Resolves with the head of the response.
   * @throws ConnectionLostError if the connection cannot carry it any more; then nothing is written.
   */
  send(body: string): Promise<IncomingMessage> {
    this.runtime.clearTimeout(this.isStale);
    const { socket } = this.request;
    if (socket?.writable !== true || this.connections.staleInMs(socket) < -LATE_MS) {
      throw new ConnectionLostError('the connection is closed');
    }
    this.state = 'written';
    this.request.end(body);
    return this.response.promise;
  }

  discard(): void {
    this.runtime.clearTimeout(this.isStale);
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
