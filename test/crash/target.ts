/** The current URL of the service for its clients; none while the service is down. */
export class Target {
  private url: string | null = null;
  private waiting: ((url: string) => void)[] = [];

  moveTo(url: string | null): void {
    this.url = url;
    if (url !== null) {
      const waiting = this.waiting;
      this.waiting = [];
      waiting.forEach((resolve) => {
        resolve(url);
      });
    }
  }

  async reachable(): Promise<string> {
    return this.url ?? new Promise((resolve) => this.waiting.push(resolve));
  }
}
