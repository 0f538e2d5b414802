/** Hosts of one client at which one claim of deliveries looks. */
export const MAX_HOSTS_PER_CLAIM = 100;

/**
 * Remembers where the next look at the hosts of a client begins. A client with a busy host and thousands of others would
 * otherwise make each claim as slow as they are many; so a claim looks at some, and the next one goes on behind them.
 */
export class HostWindow {
  private readonly lastSeen = new Map<string, string>();

  /** The look begins behind this host; '' stands before the first. */
  startAfter(client: string): string {
    return this.lastSeen.get(client) ?? '';
  }

  /** Notes the hosts that a look found, in their order. Behind the last of all the next look begins with the first. */
  advance(client: string, hosts: readonly string[]): void {
    const last = hosts.at(-1);
    if (last === undefined || hosts.length < MAX_HOSTS_PER_CLAIM) {
      this.lastSeen.delete(client);
    } else {
      this.lastSeen.set(client, last);
    }
  }
}
