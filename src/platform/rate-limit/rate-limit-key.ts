import { normalizeIp } from '@nestjs/throttler';
import type { Request } from 'express';
import { currentRequest } from '../telemetry/request-context.js';

const IPV6_PREFIX_BITS = 64;

/**
 * Returns the key of the bucket that a request is charged to: its client's, or its address's if
 * authentication is disabled.
 */
export function rateLimitKey({ ip }: Pick<Request, 'ip'>): string {
  const client = currentRequest()?.client;
  return client === undefined
    ? `address ${normalizeIp(ip ?? '', IPV6_PREFIX_BITS)}`
    : `client ${client.name}`;
}
