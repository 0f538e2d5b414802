import { SetMetadata } from '@nestjs/common';

export const SKIP_RATE_LIMIT_KEY = Symbol('not counted');

/** Asking here takes nothing from a client's limit. */
export const SkipRateLimit = (): MethodDecorator & ClassDecorator => SetMetadata(SKIP_RATE_LIMIT_KEY, true);
