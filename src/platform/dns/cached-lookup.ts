import { lookup as systemLookup } from 'node:dns/promises';
import { isIPv6, type LookupFunction } from 'node:net';
import { isNotFound, type DnsLookup } from './dns-lookup.js';
import type { Runtime } from '../../domain/runtime.js';

/** Addresses are reused without a new lookup for their TTL, but at most for this time. */
const MAX_FRESH_MS = 30_000;
/** If the name server is slower than this, the last good addresses are used (RFC 8767, 5). */
const STALE_AFTER_MS = 1800;
/**
 * After a failed or slow lookup, the last good addresses are used for this time without another lookup (RFC
 * 8767, 5).
 */
const RETRY_AFTER_MS = 30_000;
/** The last good addresses are used at most for this time (RFC 8767, 5: one to three days). */
const MAX_STALE_MS = 24 * 3_600_000;

interface LastGood {
  readonly addresses: readonly string[];
  readonly foundAtMs: number;
  /** No lookup is made before this time. */
  readonly freshUntilMs: number;
}

export interface CachedLookupOptions {
  /**
   * Looks up a name by the system, for names that neither the hosts file nor DNS knows: mDNS, LDAP
   * (nsswitch.conf).
   */
  readonly askSystem?: (host: string) => Promise<readonly string[]>;
  readonly staleAfterMs?: number;
}

/** Finds the addresses of names for sockets. */
export interface HostLookup {
  readonly lookup: LookupFunction;
}

/**
 * Finds the addresses of names that the operator configured, such as the upstream's. It caches the last good
 * addresses: a name server that is silent or fails does not stop requests to a known name. Concurrent lookups
 * of one name share one query. The thread pool is used only for names that do not exist in DNS.
 */
export class CachedLookup implements HostLookup {
  private readonly lastGood = new Map<string, LastGood>();
  private readonly inFlight = new Map<string, Promise<readonly string[]>>();
  private readonly askSystem: (host: string) => Promise<readonly string[]>;
  private readonly staleAfterMs: number;

  constructor(
    private readonly runtime: Runtime,
    private readonly dns: DnsLookup,
    options: CachedLookupOptions = {},
  ) {
    this.askSystem = options.askSystem ?? askSystem;
    this.staleAfterMs = options.staleAfterMs ?? STALE_AFTER_MS;
  }

  /** The lookup in the form that sockets accept. */
  readonly lookup: LookupFunction = toLookup((host) => this.find(host));

  /**
   * Resolves with the addresses of a name.
   * @throws the error of the lookup, if the name was not found before.
   */
  async find(host: string): Promise<readonly string[]> {
    const last = this.lastGood.get(host);
    const nowMs = this.runtime.monotonicMs();
    if (last === undefined || nowMs - last.foundAtMs > MAX_STALE_MS) {
      return this.lookUp(host);
    }
    return nowMs < last.freshUntilMs ? last.addresses : this.findOrReuse(host, last);
  }

  /**
   * Looks the name up. Resolves with the last good addresses if the lookup fails or takes too long, unless
   * DNS says that the name does not exist any more.
   */
  private async findOrReuse(host: string, last: LastGood): Promise<readonly string[]> {
    const useLast = (): readonly string[] => {
      this.lastGood.set(host, { ...last, freshUntilMs: this.runtime.monotonicMs() + RETRY_AFTER_MS });
      return last.addresses;
    };
    const late = Promise.withResolvers<readonly string[]>();
    const timer = this.runtime.setTimeout(() => {
      late.resolve(useLast());
    }, this.staleAfterMs);
    const now = this.lookUp(host).catch((error: unknown) => {
      if (isNotFound(error)) {
        this.lastGood.delete(host);
        throw error;
      }
      return useLast();
    });
    try {
      return await Promise.race([now, late.promise]);
    } finally {
      this.runtime.clearTimeout(timer);
      now.catch(() => undefined); // handled by the next lookup
    }
  }

  private lookUp(host: string): Promise<readonly string[]> {
    const running = this.inFlight.get(host);
    if (running !== undefined) {
      return running;
    }
    const started = this.ask(host).finally(() => {
      this.inFlight.delete(host);
    });
    this.inFlight.set(host, started);
    return started;
  }

  private async ask(host: string): Promise<readonly string[]> {
    const { addresses, ttlSeconds } = await this.dns.find(host).catch(async (error: unknown) => {
      if (!isNotFound(error)) {
        throw error;
      }
      return { addresses: await this.askSystem(host), ttlSeconds: 0 };
    });
    const nowMs = this.runtime.monotonicMs();
    const freshUntilMs = nowMs + Math.min(MAX_FRESH_MS, ttlSeconds * 1000);
    this.lastGood.set(host, { addresses, foundAtMs: nowMs, freshUntilMs });
    return addresses;
  }
}

/** Returns a lookup in the form that sockets accept. `find` resolves with the addresses of a name. */
export function toLookup(find: (host: string) => Promise<readonly string[]>): LookupFunction {
  return (host, options, callback) => {
    find(host).then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
        const wanted = found.filter(({ family }) => isWanted(family, options.family));
        const [first] = wanted;
        if (first === undefined) {
          callback(Object.assign(new Error(`${host} has no such address`), { code: 'ENOTFOUND' }), '');
        } else if (options.all === true) {
          callback(null, wanted);
        } else {
          callback(null, first.address, first.family);
        }
      },
      (error: unknown) => {
        callback(error as NodeJS.ErrnoException, '');
      },
    );
  };
}

async function askSystem(host: string): Promise<readonly string[]> {
  const found = await systemLookup(host, { all: true, order: 'verbatim' });
  return found.map(({ address }) => address);
}

function isWanted(family: number, wanted: number | 'IPv4' | 'IPv6' | undefined): boolean {
  return wanted === undefined || wanted === 0 || wanted === family || wanted === `IPv${String(family)}`;
}
