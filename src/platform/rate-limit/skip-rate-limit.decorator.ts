import { SetMetadata } from '@nestjs/common';

export const SKIP_RATE_LIMIT_KEY = Symbol('not counted');

/** Requests to this endpoint do not count against a client's limit. */
export const SkipRateLimit = (): MethodDecorator & ClassDecorator => SetMetadata(SKIP_RATE_LIMIT_KEY, true);
