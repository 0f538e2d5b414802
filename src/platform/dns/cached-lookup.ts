import { lookup as systemLookup } from 'node:dns/promises';
import { isIPv6, type LookupFunction } from 'node:net';
import { isNotFound, type DnsLookup } from './dns-lookup.js';

/** Addresses are used without a new lookup for as long as their source says, but no longer than this. */
const MAX_FRESH_MS = 30_000;
/** Where a name server is slow, the last good addresses are used after this time (RFC 8767, 5). */
const STALE_AFTER_MS = 1800;
/** After a lookup that failed or was too slow, the last good addresses are used for so long without another (RFC 8767, 5). */
const RETRY_AFTER_MS = 30_000;
/** Last good addresses are used for no longer than this (RFC 8767, 5: one to three days). */
const MAX_STALE_MS = 24 * 3_600_000;

interface LastGood {
  readonly addresses: readonly string[];
  readonly foundAtMs: number;
  /** Until then no lookup is made. */
  readonly freshUntilMs: number;
}

export interface CachedLookupOptions {
  /** Asks the system for a name that neither the hosts file nor DNS knows: mDNS, LDAP (nsswitch.conf). */
  readonly askSystem?: (host: string) => Promise<readonly string[]>;
  readonly staleAfterMs?: number;
}

/**
 * Finds the addresses of names that the operator chose, such as the upstream's. It keeps the last good addresses: a
 * name server that is silent or fails does not stop calls to a name that was found before. Lookups of one name at a
 * time share one. The thread pool is used only for names that DNS answers not to exist.
 */
export class CachedLookup {
  private readonly lastGood = new Map<string, LastGood>();
  private readonly inFlight = new Map<string, Promise<readonly string[]>>();
  private readonly askSystem: (host: string) => Promise<readonly string[]>;
  private readonly staleAfterMs: number;

  constructor(
    private readonly dns: DnsLookup,
    options: CachedLookupOptions = {},
  ) {
    this.askSystem = options.askSystem ?? askSystem;
    this.staleAfterMs = options.staleAfterMs ?? STALE_AFTER_MS;
  }

  /** The form in which sockets take a lookup. */
  readonly lookup: LookupFunction = (host, options, callback) => {
    this.find(host).then(
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

  /** @throws the error of the lookup where the name was not found before. */
  async find(host: string): Promise<readonly string[]> {
    const last = this.lastGood.get(host);
    const nowMs = performance.now();
    if (last === undefined || nowMs - last.foundAtMs > MAX_STALE_MS) {
      return this.lookUp(host);
    }
    return nowMs < last.freshUntilMs ? last.addresses : this.findOrReuse(host, last);
  }

  /** The last good addresses where the lookup fails or takes too long; a name that is gone has none. */
  private async findOrReuse(host: string, last: LastGood): Promise<readonly string[]> {
    const useLast = (): readonly string[] => {
      this.lastGood.set(host, { ...last, freshUntilMs: performance.now() + RETRY_AFTER_MS });
      return last.addresses;
    };
    const late = Promise.withResolvers<readonly string[]>();
    const timer = setTimeout(() => {
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
      clearTimeout(timer);
      now.catch(() => undefined); // the next lookup asks again
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
    const nowMs = performance.now();
    const freshUntilMs = nowMs + Math.min(MAX_FRESH_MS, ttlSeconds * 1000);
    this.lastGood.set(host, { addresses, foundAtMs: nowMs, freshUntilMs });
    return addresses;
  }
}

async function askSystem(host: string): Promise<readonly string[]> {
  const found = await systemLookup(host, { all: true, order: 'verbatim' });
  return found.map(({ address }) => address);
}

function isWanted(family: number, wanted: number | 'IPv4' | 'IPv6' | undefined): boolean {
  return wanted === undefined || wanted === 0 || wanted === family || wanted === `IPv${String(family)}`;
}
