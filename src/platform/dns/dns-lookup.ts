import { Resolver } from 'node:dns/promises';
import { HostsFile } from './hosts-file.js';
import { candidateNames, loadSearchList, type SearchList } from './search-list.js';
import type { Runtime } from '../../domain/runtime.js';

/** The timeout of one query to one name server; then it is repeated. */
const QUERY_TIMEOUT_MS = 1500;
const TRIES = 3;
/** The timeout of a whole lookup, over all name servers and search domains. */
const LOOKUP_TIMEOUT_MS = 5000;
/** Once one address family is found, the lookup waits this much longer for the other. */
const SECOND_FAMILY_MS = 500;
const LOCALHOST = /(^|\.)localhost$/i;
const LOOPBACK = ['127.0.0.1', '::1'];
/** Codes of a name server's answer that the name does not exist or has no address. */
const NOT_FOUND: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

/** The addresses of a name. */
export interface FoundAddresses {
  /** Addresses of the name, at least one. */
  readonly addresses: readonly string[];
  /** The time that they may be cached, in seconds; 0 if the source has no TTL. */
  readonly ttlSeconds: number;
}

export interface DnsLookupOptions {
  /** Name servers as `address:port`; default: those of the system. */
  readonly servers?: readonly string[];
  /** Default: the hosts file of the system. */
  readonly hostsFile?: HostsFile;
  /** Default: the search list of the system, read for each lookup. */
  readonly searchList?: SearchList;
  readonly lookupTimeoutMs?: number;
}

/**
 * Tells whether an error of a lookup means that the name does not exist. Node.js reports errors of a name
 * server with a code, such as `ENOTFOUND` or `ETIMEOUT`.
 */
export function isNotFound(error: unknown): boolean {
  return Error.isError(error) && 'code' in error && NOT_FOUND.has(String(error.code));
}

/**
 * Finds the addresses of a name in the hosts file and by DNS, without the thread pool. `dns.lookup`
 * (getaddrinfo) blocks one of few threads until the system times out, and cannot be cancelled
 * (https://nodejs.org/api/dns.html#implementation-considerations). Here each lookup has its own sockets, ends
 * after 5 s, and ends at once when it is cancelled. Other sources of getaddrinfo (nsswitch.conf: mDNS, LDAP)
 * are not used.
 */
export class DnsLookup {
  private readonly hostsFile: HostsFile;
  private running = 0;

  constructor(
    private readonly runtime: Runtime,
    private readonly options: DnsLookupOptions = {},
  ) {
    this.hostsFile = options.hostsFile ?? new HostsFile(runtime);
  }

  /** The number of lookups in flight. */
  get inFlight(): number {
    return this.running;
  }

  /** @throws the error of the name server, with its code; the reason of `signal` once it is aborted. */
  async find(host: string, signal?: AbortSignal): Promise<FoundAddresses> {
    signal?.throwIfAborted();
    const local = this.hostsFile.addressesOf(host.replace(/\.$/, ''));
    if (local.length > 0) {
      return { addresses: local, ttlSeconds: 0 };
    }
    if (LOCALHOST.test(host.replace(/\.$/, ''))) {
      return { addresses: LOOPBACK, ttlSeconds: 0 }; // RFC 6761, 6.3
    }
    return this.ask(host, signal);
  }

  private async ask(host: string, signal: AbortSignal | undefined): Promise<FoundAddresses> {
    const resolver = new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: TRIES });
    if (this.options.servers !== undefined) {
      resolver.setServers(this.options.servers);
    }
    const late = new AbortController();
    const timer = this.runtime
      .setTimeout(() => {
        late.abort();
      }, this.options.lookupTimeoutMs ?? LOOKUP_TIMEOUT_MS)
      .unref();
    const end = AbortSignal.any(signal === undefined ? [late.signal] : [late.signal, signal]);
    const cancel = (): void => {
      resolver.cancel();
    };
    end.addEventListener('abort', cancel);
    this.running += 1;
    try {
      const names = candidateNames(host, this.options.searchList ?? loadSearchList());
      return await this.findFirst(resolver, names);
    } catch (error) {
      signal?.throwIfAborted();
      throw late.signal.aborted ? withCode(`no name server answered for ${host}`, 'ETIMEOUT') : error;
    } finally {
      this.running -= 1;
      this.runtime.clearTimeout(timer);
      end.removeEventListener('abort', cancel);
    }
  }

  /** Tries the names in order; the next one only if the one before does not exist. */
  private async findFirst(
    resolver: Resolver,
    [name = '', ...rest]: readonly string[],
  ): Promise<FoundAddresses> {
    try {
      return await this.query(resolver, name);
    } catch (error) {
      if (rest.length > 0 && isNotFound(error)) {
        return this.findFirst(resolver, rest);
      }
      throw error;
    }
  }

  /** Queries addresses of both families. One family is enough if the server does not answer for the other. */
  private async query(resolver: Resolver, name: string): Promise<FoundAddresses> {
    const queries = [resolver.resolve4(name, { ttl: true }), resolver.resolve6(name, { ttl: true })];
    const enough = Promise.any(queries).then(
      () =>
        this.runtime.setTimeout(() => {
          resolver.cancel();
        }, SECOND_FAMILY_MS),
      () => undefined,
    );
    const answers = await Promise.allSettled(queries);
    this.runtime.clearTimeout(await enough);
    const records = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (records.length > 0) {
      return {
        addresses: records.map(({ address }) => address),
        ttlSeconds: Math.min(...records.map(({ ttl }) => ttl)),
      };
    }
    const errors = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason as Error] : [],
    );
    throw (
      errors.find((error) => !isNotFound(error)) ?? errors[0] ?? withCode(`${name} has no address`, 'ENODATA')
    );
  }
}

function withCode(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
