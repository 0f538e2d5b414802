import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { ACCESS_REQUIREMENT_KEY, type AccessRequirement } from '../auth/require-scope.decorator.js';
import { MINUTE_MS } from '../config/units.js';
import { ClientBucket } from './client-bucket.js';
import { RateLimitOptions } from './rate-limit.options.js';
import { RateLimitStore } from './rate-limit.store.js';
import { SKIP_RATE_LIMIT_KEY } from './skip-rate-limit.decorator.js';

/**
 * Counts the requests of each client over all endpoints, except public ones and those with `SkipRateLimit`. It is bound
 * only if a limit is set.
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  private readonly bucket: ClientBucket | null;

  constructor(
    { requestsPerMinute: limit }: RateLimitOptions,
    store: RateLimitStore,
    private readonly reflector: Reflector,
  ) {
    this.bucket = limit === null ? null : new ClientBucket(store, 'requests', { limit, windowMs: MINUTE_MS });
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (!this.isSkipped(context)) {
      const http = context.switchToHttp();
      await this.bucket?.charge(http.getRequest<Request>(), http.getResponse<Response>(), { amount: 1 });
    }
    return true;
  }

  private isSkipped(context: ExecutionContext): boolean {
    const places = [context.getHandler(), context.getClass()];
    return (
      this.reflector.getAllAndOverride<boolean | undefined>(SKIP_RATE_LIMIT_KEY, places) === true ||
      this.reflector.getAllAndOverride<AccessRequirement | undefined>(ACCESS_REQUIREMENT_KEY, places)
        ?.scope === null
    );
  }
}
