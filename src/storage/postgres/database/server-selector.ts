/** Selects one of several servers for new connections. */
export class ServerSelector {
  private next = 0;
  private confirmed: number | null = null;

  constructor(readonly count: number) {}

  /** The number of the server to try now, from 0. */
  get current(): number {
    return this.next;
  }

  /**
   * Records that the server was unreachable or accepts no writes: the next server is tried, after the last one the
   * first.
   */
  failed(host: number): void {
    if (this.next === host) {
      this.next = (host + 1) % this.count;
    }
  }

  /** Records that the server was reached and is usable. */
  confirm(host: number): void {
    this.confirmed = host;
    this.next = host;
  }

  /** Returns true if another server was confirmed after this server was connected. */
  isSuperseded(host: number): boolean {
    return this.confirmed !== null && this.confirmed !== host;
  }
}
