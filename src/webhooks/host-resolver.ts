import { Injectable } from '@nestjs/common';
import { DnsLookup } from '../platform/dns/dns-lookup.js';

/** Finds the addresses of a host name. Replace this provider to lead names elsewhere, in tests too. */
export abstract class HostResolver {
  /**
   * At least one address; rejects where there is none. When `signal` is aborted the lookup ends: it holds nothing that
   * another one needs.
   */
  abstract resolve(host: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** By the hosts file and DNS, never by the thread pool: receivers choose their name servers, and those may be silent. */
@Injectable()
export class DnsHostResolver extends HostResolver {
  constructor(private readonly dns: DnsLookup) {
    super();
  }

  override async resolve(host: string, signal: AbortSignal): Promise<readonly string[]> {
    return (await this.dns.find(host, signal)).addresses;
  }
}
