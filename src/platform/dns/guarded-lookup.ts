import type { LookupFunction } from 'node:net';
import { toLookup, type CachedLookup, type HostLookup } from './cached-lookup.js';

/** Tells whether a connection may go to this address of the host. */
export type IsAddressAllowed = (host: string, address: string) => boolean;

/**
 * Finds only addresses that are allowed. It is asked at each connection, so a name that leads to another address later is
 * checked again. An address in a URL needs no lookup: check it with the URL.
 */
export class GuardedLookup implements HostLookup {
  readonly lookup: LookupFunction;

  constructor(hosts: Pick<CachedLookup, 'find'>, isAllowed: IsAddressAllowed) {
    this.lookup = toLookup(async (host) => {
      const addresses = await hosts.find(host);
      if (!addresses.every((address) => isAllowed(host, address))) {
        throw new Error(
          `${host} leads to an address that is not public, and LANE_URL_ALLOW does not name it`,
        );
      }
      return addresses;
    });
  }
}
