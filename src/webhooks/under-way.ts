/** Deliveries under way at once, in this process. */
const MOST_AT_ONCE = 16;
/** Of them those to one host: one that hangs leaves room for the others. */
const MOST_TO_ONE_HOST = 4;

/** What is being delivered now, and how much more may be begun. */
export class UnderWay {
  private readonly running = new Set<Promise<void>>();
  private readonly byHost = new Map<string, number>();

  /** How many deliveries may be begun, wherever but {@link busyHosts} they go. */
  get room(): number {
    const most = Math.max(0, ...[...this.byHost.values()].filter((count) => count < MOST_TO_ONE_HOST));
    return Math.min(MOST_AT_ONCE - this.running.size, MOST_TO_ONE_HOST - most);
  }

  /** Nothing more may go there now. Each is what a URL of that host begins with. */
  get busyHosts(): string[] {
    return [...this.byHost].flatMap(([host, count]) => (count < MOST_TO_ONE_HOST ? [] : [host]));
  }

  /** Calls `onEnd` once there is room again. */
  add(url: string, sending: Promise<void>, onEnd: () => void): void {
    const host = `${new URL(url).origin}/`;
    this.count(host, 1);
    const ended = sending.finally(() => {
      this.running.delete(ended);
      this.count(host, -1);
      onEnd();
    });
    this.running.add(ended);
  }

  /** Resolves when all of it has ended. */
  async end(): Promise<void> {
    await Promise.all(this.running);
  }

  private count(host: string, change: number): void {
    const count = (this.byHost.get(host) ?? 0) + change;
    if (count === 0) {
      this.byHost.delete(host);
    } else {
      this.byHost.set(host, count);
    }
  }
}
