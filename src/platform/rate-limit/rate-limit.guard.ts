import type { ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerRequest } from '@nestjs/throttler';
import type { Request, Response } from 'express';
import { ACCESS_REQUIREMENT_KEY, type AccessRequirement } from '../auth/require-scope.decorator.js';
import { SKIP_RATE_LIMIT_KEY } from './skip-rate-limit.decorator.js';
import { RateLimitError } from './rate-limit-error.js';
import { setRateLimitHeaders } from './rate-limit-headers.js';
import { bucketKey } from './rate-limit.store.js';
import { rateLimitKey } from './rate-limit-key.js';

/** Counts requests of each client over all endpoints, except public ones and those with `SkipRateLimit`. */
export class RateLimitGuard extends ThrottlerGuard {
  protected override async shouldSkip(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    return (
      this.reflector.getAllAndOverride<boolean | undefined>(SKIP_RATE_LIMIT_KEY, places) === true ||
      this.reflector.getAllAndOverride<AccessRequirement | undefined>(ACCESS_REQUIREMENT_KEY, places)
        ?.scope === null
    );
  }

  protected override async handleRequest({ context, limit, ttl }: ThrottlerRequest): Promise<boolean> {
    const http = context.switchToHttp();
    const key = bucketKey('requests', rateLimitKey(http.getRequest<Request>()));
    const { isBlocked, timeToExpire, timeToBlockExpire } = await this.storageService.increment(
      key,
      ttl,
      limit,
      0,
      'default',
    );
    const rate = { limit, windowMs: ttl };
    setRateLimitHeaders(http.getResponse<Response>(), 'default', rate, {
      isAllowed: !isBlocked,
      fullInMs: timeToExpire,
    });
    if (isBlocked) {
      throw new RateLimitError(limit, 'requests', Math.max(1, Math.ceil(timeToBlockExpire / 1000)));
    }
    return true;
  }
}
