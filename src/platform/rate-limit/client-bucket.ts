import type { Request, Response } from 'express';
import { RateLimitError } from './rate-limit-error.js';
import { setRateLimitHeaders } from './rate-limit-headers.js';
import { rateLimitKey } from './rate-limit-key.js';
import {
  bucketKey,
  type BucketState,
  type RateLimit,
  type RateLimitStore,
  type RateLimitType,
} from './rate-limit.store.js';

/** Charges requests to the buckets of their clients, and reports the buckets in the headers of the responses. */
export class ClientBucket {
  constructor(
    private readonly store: RateLimitStore,
    private readonly type: RateLimitType,
    private readonly rate: RateLimit,
  ) {}

  /**
   * Takes `amount` tokens. With `allowDebt` they are taken even if the bucket holds less.
   * @throws RateLimitError
   */
  async charge(
    request: Request,
    response: Response,
    { amount, allowDebt = false }: { readonly amount: number; readonly allowDebt?: boolean },
  ): Promise<BucketState> {
    const { store, type, rate } = this;
    const state = await store.consume(
      { key: bucketKey(type, rateLimitKey(request)), amount, allowDebt },
      rate,
    );
    setRateLimitHeaders(response, type === 'requests' ? 'default' : type, rate, state);
    if (!state.isAllowed) {
      throw new RateLimitError(rate.limit, type, this.waitSeconds(state, amount));
    }
    return state;
  }

  /** Returns the time in ms in which the bucket gains `amount` tokens. */
  refillMs(amount: number): number {
    return (amount * this.rate.windowMs) / this.rate.limit;
  }

  /** Returns the time until the bucket holds `amount` tokens; if it can never hold that many, until it is full. */
  private waitSeconds({ fullInMs }: BucketState, amount: number): number {
    const waitMs = Math.min(fullInMs, fullInMs + this.refillMs(amount) - this.rate.windowMs);
    return Math.max(1, Math.ceil(waitMs / 1000));
  }
}
