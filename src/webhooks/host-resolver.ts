import { Injectable } from '@nestjs/common';
import { DnsLookup } from '../platform/dns/dns-lookup.js';

/** Finds the addresses of a host name. Override this provider to redirect names, also in tests. */
export abstract class HostResolver {
  /**
   * Resolves with at least one address; rejects if there is none. When `signal` is aborted the lookup ends
   * and frees its resources.
   */
  abstract resolve(host: string, signal: AbortSignal): Promise<readonly string[]>;
}

/**
 * Resolves names by the hosts file and DNS, without the thread pool: receivers choose their name servers,
 * which may not respond.
 */
@Injectable()
export class DnsHostResolver extends HostResolver {
  constructor(private readonly dns: DnsLookup) {
    super();
  }

  override async resolve(host: string, signal: AbortSignal): Promise<readonly string[]> {
    return (await this.dns.find(host, signal)).addresses;
  }
}
