/** Which of several servers connections are made to. */
export class ServerSelector {
  private next = 0;
  private confirmed: number | null = null;

  constructor(readonly count: number) {}

  /** The number of the server to try now, from 0. */
  get current(): number {
    return this.next;
  }

  /** The server could not be reached, or takes no writes: the one after it is tried, and the first after the last. */
  failed(host: number): void {
    if (this.next === host) {
      this.next = (host + 1) % this.count;
    }
  }

  /** The server has been reached and is fit for use. */
  confirm(host: number): void {
    this.confirmed = host;
    this.next = host;
  }

  /** Returns whether another server has taken over since a connection to this one was made. */
  isSuperseded(host: number): boolean {
    return this.confirmed !== null && this.confirmed !== host;
  }
}
