import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { countIds } from '../../domain/packed-ids.js';
import { MINUTE_MS } from '../config/units.js';
import { ClientBucket } from './client-bucket.js';
import { RateLimitOptions } from './rate-limit.options.js';
import { RateLimitStore, ROUNDING_MS } from './rate-limit.store.js';

/** Limits the ids that each client submits. Does nothing if no limit is set. */
@Injectable()
export class IdRateLimiter {
  private readonly bucket: ClientBucket | null;

  constructor({ idsPerMinute: limit }: RateLimitOptions, store: RateLimitStore) {
    this.bucket = limit === null ? null : new ClientBucket(store, 'ids', { limit, windowMs: MINUTE_MS });
  }

  /**
   * Charges a whole ingestion.
   * @throws RateLimitError
   */
  async consume(request: Request, response: Response, ids: number): Promise<void> {
    await this.bucket?.charge(request, response, { amount: ids });
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
      if (this.bucket !== null) {
        const amount = countIds(block);
        const state = await this.bucket.charge(request, response, { amount, allowDebt: allowDebt ?? false });
        allowDebt ??= state.fullInMs <= this.bucket.refillMs(amount) + ROUNDING_MS;
      }
      yield block;
    }
  }
}
