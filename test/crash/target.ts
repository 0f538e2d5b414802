/** Where the service is to be reached, as its clients know: nowhere, while it is down. */
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
