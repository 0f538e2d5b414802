/** Maximum number of hosts per client that one claim of deliveries reads. */
export const MAX_HOSTS_PER_CLAIM = 100;

/**
 * Remembers for each client at which host the next claim starts. For a client with one busy host and thousands of
 * others, reading all hosts would make every claim slow. Each claim therefore reads some hosts, and the next one
 * continues after them.
 */
export class HostWindow {
  private readonly lastSeen = new Map<string, string>();

  /** Returns the host after which the next claim starts; '' sorts before every host. */
  startAfter(client: string): string {
    return this.lastSeen.get(client) ?? '';
  }

  /** Records the hosts that a claim read, in order. After the last host the next claim starts again with the first. */
  advance(client: string, hosts: readonly string[]): void {
    const last = hosts.at(-1);
    if (last === undefined || hosts.length < MAX_HOSTS_PER_CLAIM) {
      this.lastSeen.delete(client);
    } else {
      this.lastSeen.set(client, last);
    }
  }
}
