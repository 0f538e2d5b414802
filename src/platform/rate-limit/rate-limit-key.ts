import type { Request } from 'express';
import ipaddr from 'ipaddr.js';
import { currentRequest } from '../telemetry/request-context.js';

const IPV6_PREFIX_BITS = 64;

/**
 * Returns the key of the bucket that a request is charged to: its client's, or its address's if
 * authentication is disabled.
 */
export function rateLimitKey({ ip }: Pick<Request, 'ip'>): string {
  const client = currentRequest()?.client;
  return client === undefined ? `address ${toNetwork(ip ?? '')}` : `client ${client.name}`;
}

/** Returns an IPv4 address as it is, and the /64 network of an IPv6 address, because one host may use all of it. */
function toNetwork(ip: string): string {
  if (!ipaddr.isValid(ip)) {
    return ip;
  }
  const address = ipaddr.process(ip); // an IPv4-mapped address becomes IPv4
  if (address instanceof ipaddr.IPv4) {
    return address.toString();
  }
  const network = `${address.toString()}/${String(IPV6_PREFIX_BITS)}`;
  return `${ipaddr.IPv6.networkAddressFromCIDR(network).toString()}/${String(IPV6_PREFIX_BITS)}`;
}
