import { normalizeIp } from '@nestjs/throttler';
import type { Request } from 'express';
import { currentRequest } from '../telemetry/request-context.js';

const IPV6_PREFIX_BITS = 64;

/** Whose bucket a request takes from: its client's, or that of its address where nobody is asked who he is. */
export function rateLimitKey({ ip }: Pick<Request, 'ip'>): string {
  const client = currentRequest()?.client;
  return client === undefined
    ? `address ${normalizeIp(ip ?? '', IPV6_PREFIX_BITS)}`
    : `client ${client.name}`;
}
