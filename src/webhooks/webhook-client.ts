import { isIPv6, type LookupFunction } from 'node:net';
import { Injectable } from '@nestjs/common';
import { SsrfGuard } from './ssrf-guard.js';
import { CallbackNotAllowedError } from '../domain/callback-errors.js';
import { Runtime } from '../domain/runtime.js';
import { untilAborted } from './until-aborted.js';
import type { WebhookMessage } from './webhook-message.js';
import type { WebhookResponse } from './webhook-response.js';
import { WebhookOptions } from './webhook.options.js';

/**
 * Only the status of a response matters. Up to this many bytes of its body are read and discarded, so that
 * the receiver can finish normally.
 */
const MAX_RESPONSE_BYTES = 64 * 1024;
const MAX_ERROR_LENGTH = 200;

/** Sends one message to one receiver, only to addresses that were checked, and without following redirects. */
@Injectable()
export class WebhookClient {
  constructor(
    private readonly guard: SsrfGuard,
    private readonly options: WebhookOptions,
    private readonly runtime: Runtime,
  ) {}

  /** Sends a message; never rejects. */
  async send(url: string, message: WebhookMessage, stop: AbortSignal): Promise<WebhookResponse> {
    const late = new AbortController();
    const timer = this.runtime
      .setTimeout(() => {
        late.abort();
      }, this.options.timeoutMs)
      .unref();
    const signal = AbortSignal.any([stop, late.signal]);
    try {
      const addresses = await untilAborted(signal, this.guard.resolveAllowed(new URL(url), signal));
      return await this.post(url, addresses, message, signal);
    } catch (error) {
      await this.runtime.nextTurn(); // a rejection may come without any wait; many of them must not block the event loop
      return {
        httpStatus: null,
        error: late.signal.aborted
          ? `no answer within ${String(this.options.timeoutMs / 1000)} s`
          : describe(error),
      };
    } finally {
      this.runtime.clearTimeout(timer);
    }
  }

  private async post(
    url: string,
    addresses: readonly string[],
    { body, headers }: WebhookMessage,
    signal: AbortSignal,
  ): Promise<WebhookResponse> {
    const { Agent, request } = await import('undici'); // 3 MB of memory, which only callbacks need
    const agent = new Agent({
      connect: { lookup: pinnedLookup(addresses), timeout: this.options.timeoutMs },
    });
    try {
      const { statusCode, body: answer } = await request(url, {
        method: 'POST',
        body,
        headers,
        dispatcher: agent,
        signal,
      });
      await answer.dump({ limit: MAX_RESPONSE_BYTES, signal }).catch(() => undefined); // the status is already known
      const isTaken = statusCode >= 200 && statusCode <= 299;
      return { httpStatus: statusCode, error: isTaken ? null : describeStatus(statusCode) };
    } finally {
      await agent.destroy();
    }
  }
}

/**
 * Returns a lookup with fixed addresses: a second lookup of the name could lead to other addresses than the
 * checked ones.
 */
function pinnedLookup(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_host, options, callback) => {
    const [first] = found;
    if (options.all === true) {
      callback(null, found);
    } else {
      callback(null, first?.address ?? '', first?.family);
    }
  };
}

function describeStatus(status: number): string {
  return status >= 300 && status <= 399
    ? `the receiver answered ${String(status)}: redirects are not followed`
    : `the receiver answered ${String(status)}`;
}

/**
 * Describes an error without the content of a response: the receiver may be a host that should not be
 * reachable.
 */
function describe(error: unknown): string {
  if (error instanceof CallbackNotAllowedError) {
    return error.message.slice(0, MAX_ERROR_LENGTH);
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no connection';
  return `the call failed: ${code.slice(0, MAX_ERROR_LENGTH)}`;
}
