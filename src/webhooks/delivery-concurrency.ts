import type { ClaimedDelivery } from '../domain/webhook-delivery.js';
import type { SaturatedReceivers, ClientHost } from './webhook-outbox.repository.js';

/** The maximum number of deliveries in flight, per process. */
const MAX_IN_FLIGHT = 64;
/** The maximum per client. */
const MAX_PER_CLIENT = 16;
/** The maximum per client and host: a host that does not respond leaves places for the client's others. */
const MAX_PER_HOST = 4;

/** The deliveries of one client that are in flight. */
interface ClientShare {
  readonly client: string | null;
  total: number;
  readonly byHost: Map<string, number>;
}

/**
 * Limits the deliveries in flight, and shares the places between clients. A client may start one more
 * delivery while it has fewer than 16 in flight, and fewer than there are free places (a dynamic threshold:
 * Choudhury and Hahne, 1998). So the next client finds a free place at once, whatever the receivers of the
 * others do; only many clients together can use all places. Deliveries without a client count as one client.
 */
export class DeliveryConcurrency {
  private readonly running = new Set<Promise<void>>();
  private readonly shares = new Map<string | null, ClientShare>();

  /** The number of deliveries that may be started, for any receivers except {@link saturated} ones. */
  get available(): number {
    const open = [...this.shares.values()].filter((share) => !this.isBusy(share));
    const most = Math.max(0, ...open.map(({ total }) => total));
    const mostToOneHost = Math.max(0, ...open.flatMap(({ byHost }) => [...byHost.values()].filter(hasRoom)));
    // Even if all of them belong to one client, each is started only while the client has fewer than there
    // are free places.
    const ofOneClient = Math.floor((this.free - most + 1) / 2);
    return Math.min(ofOneClient, MAX_PER_CLIENT - most, MAX_PER_HOST - mostToOneHost);
  }

  /** Receivers for which no further delivery may be started now. */
  get saturated(): SaturatedReceivers {
    const shares = [...this.shares.values()];
    return {
      clients: shares.filter((share) => this.isBusy(share)).map(({ client }) => client),
      hosts: shares.filter((share) => !this.isBusy(share)).flatMap(toSaturatedHosts),
    };
  }

  /** Adds a delivery in flight. Calls `onEnd` when its place is free again. */
  add({ client, url }: ClaimedDelivery, sending: Promise<void>, onEnd: () => void): void {
    const host = toHost(url);
    this.count(client, host, 1);
    const ended = sending.finally(() => {
      this.running.delete(ended);
      this.count(client, host, -1);
      onEnd();
    });
    this.running.add(ended);
  }

  /** Resolves when all deliveries in flight have ended. */
  async end(): Promise<void> {
    await Promise.all(this.running);
  }

  private get free(): number {
    return MAX_IN_FLIGHT - this.running.size;
  }

  private isBusy({ total }: ClientShare): boolean {
    return total >= Math.min(this.free, MAX_PER_CLIENT);
  }

  private count(client: string | null, host: string, change: number): void {
    const share = this.shares.get(client) ?? { client, total: 0, byHost: new Map<string, number>() };
    const toHost = (share.byHost.get(host) ?? 0) + change;
    share.total += change;
    if (toHost === 0) {
      share.byHost.delete(host);
    } else {
      share.byHost.set(host, toHost);
    }
    if (share.total === 0) {
      this.shares.delete(client);
    } else {
      this.shares.set(client, share);
    }
  }
}

/** Returns the start of a URL up to its host, by the same rule as the index of the outbox. */
function toHost(url: string): string {
  return url.slice(0, url.indexOf('/', 'https://'.length) + 1);
}

function hasRoom(toOneHost: number): boolean {
  return toOneHost < MAX_PER_HOST;
}

function toSaturatedHosts({ client, byHost }: ClientShare): ClientHost[] {
  return [...byHost].filter(([, count]) => !hasRoom(count)).map(([host]) => ({ client, host }));
}
