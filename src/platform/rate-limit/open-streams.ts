import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { rateLimitKey } from './rate-limit-key.js';
import { RateLimitOptions } from './rate-limit.options.js';
import { TooManyStreamsError } from './too-many-streams-error.js';

/** Limits the requests that each client keeps open: event streams, long polls, streamed lists and long responses. */
@Injectable()
export class OpenStreams {
  private readonly openByClient = new Map<string, number>();
  private readonly counted = new WeakSet<Request>();

  constructor(private readonly options: RateLimitOptions) {}

  /**
   * Counts a request until its connection has ended or its response is complete. The count belongs to the client; if
   * authentication is disabled, to the address.
   * @throws TooManyStreamsError
   */
  open(request: Request): void {
    const { res: response } = request;
    if (response === undefined || response.destroyed || this.counted.has(request)) {
      return;
    }
    const client = rateLimitKey(request);
    const open = this.openByClient.get(client) ?? 0;
    const { maxStreamsPerClient } = this.options;
    if (open >= maxStreamsPerClient) {
      throw new TooManyStreamsError(maxStreamsPerClient);
    }
    this.counted.add(request);
    this.openByClient.set(client, open + 1);
    response.once('close', () => {
      this.close(client);
    });
  }

  private close(client: string): void {
    const open = (this.openByClient.get(client) ?? 1) - 1;
    if (open === 0) {
      this.openByClient.delete(client);
    } else {
      this.openByClient.set(client, open);
    }
  }
}
