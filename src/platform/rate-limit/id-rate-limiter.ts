import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { countIds } from '../../domain/packed-ids.js';
import { RateLimitError } from './rate-limit-error.js';
import { setRateLimitHeaders } from './rate-limit-headers.js';
import {
  bucketKey,
  ROUNDING_MS,
  type RateLimit,
  type RateLimitStore,
  type BucketState,
} from './rate-limit.store.js';

/** Limits the ids that each client submits. */
@Injectable()
export class IdRateLimiter {
  constructor(
    private readonly store: RateLimitStore,
    /** The limit; null disables it. */
    private readonly rate: RateLimit | null,
    private readonly rateLimitKey: (request: Request) => string,
  ) {}

  /**
   * Charges a whole ingestion.
   * @throws RateLimitError
   */
  async consume(request: Request, response: Response, ids: number): Promise<void> {
    if (this.rate !== null) {
      await this.consumeFrom(this.rate, { request, response, ids, allowDebt: false });
    }
  }

  /**
   * Charges a streamed ingestion block by block. If the bucket was full at the start, the ingestion may
   * exceed it; the balance becomes negative and later requests wait.
   * @throws RateLimitError
   */
  async *consumeStream(
    request: Request,
    response: Response,
    blocks: AsyncIterable<Uint8Array>,
  ): AsyncGenerator<Uint8Array, void> {
    let allowDebt: boolean | null = null;
    for await (const block of blocks) {
      if (this.rate !== null) {
        const ids = countIds(block);
        const { fullInMs } = await this.consumeFrom(this.rate, {
          request,
          response,
          ids,
          allowDebt: allowDebt ?? false,
        });
        allowDebt ??= fullInMs <= toCost(this.rate, ids) + ROUNDING_MS;
      }
      yield block;
    }
  }

  private async consumeFrom(
    rate: RateLimit,
    {
      request,
      response,
      ids,
      allowDebt,
    }: {
      readonly request: Request;
      readonly response: Response;
      readonly ids: number;
      readonly allowDebt: boolean;
    },
  ): Promise<BucketState> {
    const bucketState = await this.store.consume(
      { key: bucketKey('ids', this.rateLimitKey(request)), amount: ids, allowDebt },
      rate,
    );
    setRateLimitHeaders(response, 'ids', rate, bucketState);
    if (!bucketState.isAllowed) {
      throw new RateLimitError(rate.limit, 'ids', waitSeconds(rate, bucketState, ids));
    }
    return bucketState;
  }
}

function toCost({ limit, windowMs }: RateLimit, ids: number): number {
  return (ids * windowMs) / limit;
}

/** Returns the seconds until the bucket holds `ids` tokens; if it can never hold that many, until it is full. */
function waitSeconds(rate: RateLimit, { fullInMs }: BucketState, ids: number): number {
  const waitMs = Math.min(fullInMs, fullInMs + toCost(rate, ids) - rate.windowMs);
  return Math.max(1, Math.ceil(waitMs / 1000));
}
