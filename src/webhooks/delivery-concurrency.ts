import type { ClaimedDelivery } from '../domain/webhook-delivery.js';
import type { SaturatedReceivers, ClientHost } from './webhook-outbox.repository.js';

/** Deliveries in flight at most, in this process. */
const MAX_IN_FLIGHT = 64;
/** Of them those of one client. */
const MAX_PER_CLIENT = 16;
/** Of one client to one host: a host that hangs leaves room for the client's others. */
const MAX_PER_HOST = 4;

/** The deliveries of one client that are in flight. */
interface ClientShare {
  readonly client: string | null;
  total: number;
  readonly byHost: Map<string, number>;
}

/**
 * Holds the deliveries in flight, and shares their places out by client. A client may begin one more while it holds fewer
 * than 16 places, and fewer than are free (a dynamic threshold: Choudhury and Hahne, 1998). So the next client finds a
 * place at once, whatever the receivers of the others do; only what many clients hold together fills all of them. What
 * belongs to no client counts as one client.
 */
export class DeliveryConcurrency {
  private readonly running = new Set<Promise<void>>();
  private readonly shares = new Map<string | null, ClientShare>();

  /** How many deliveries may be begun, of whichever but {@link saturated} receivers they are. */
  get available(): number {
    const open = [...this.shares.values()].filter((share) => !this.isBusy(share));
    const most = Math.max(0, ...open.map(({ total }) => total));
    const mostToOneHost = Math.max(0, ...open.flatMap(({ byHost }) => [...byHost.values()].filter(hasRoom)));
    // However many of them turn out to be of one client, it held fewer places than were free before each.
    const ofOneClient = Math.floor((this.free - most + 1) / 2);
    return Math.min(ofOneClient, MAX_PER_CLIENT - most, MAX_PER_HOST - mostToOneHost);
  }

  /** Receivers for which nothing more may be begun now. */
  get saturated(): SaturatedReceivers {
    const shares = [...this.shares.values()];
    return {
      clients: shares.filter((share) => this.isBusy(share)).map(({ client }) => client),
      hosts: shares.filter((share) => !this.isBusy(share)).flatMap(toSaturatedHosts),
    };
  }

  /** Calls `onEnd` once there is room again. */
  add({ client, url }: ClaimedDelivery, sending: Promise<void>, onEnd: () => void): void {
    const host = `${new URL(url).origin}/`;
    this.count(client, host, 1);
    const ended = sending.finally(() => {
      this.running.delete(ended);
      this.count(client, host, -1);
      onEnd();
    });
    this.running.add(ended);
  }

  /** Resolves when all of it has ended. */
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

function hasRoom(toOneHost: number): boolean {
  return toOneHost < MAX_PER_HOST;
}

function toSaturatedHosts({ client, byHost }: ClientShare): ClientHost[] {
  return [...byHost].filter(([, count]) => !hasRoom(count)).map(([host]) => ({ client, host }));
}
