/** What the clients and the reader have seen. */
export class Tally {
  /** Ids of accepted lists. */
  readonly accepted: bigint[] = [];
  lists = 0;
  answers = 0;
  lostConnections = 0;
  /** Answers with a status of 500 or more, apart from 503. */
  readonly defects: string[] = [];
  private readonly cancelled = new Set<bigint>();
  private lastId = 0n;

  draw(count: number): bigint[] {
    return Array.from({ length: count }, () => ++this.lastId);
  }

  accept(ids: readonly bigint[]): void {
    this.lists += 1;
    for (const id of ids) {
      this.accepted.push(id);
    }
  }

  /** Excuses the ids of a list that its client cancelled. */
  cancel(ids: readonly bigint[]): void {
    ids.forEach((id) => this.cancelled.add(id));
  }

  /** Returns the accepted ids that were neither seen nor cancelled. */
  missing(seen: ReadonlySet<bigint>): bigint[] {
    return this.accepted.filter((id) => !seen.has(id) && !this.cancelled.has(id));
  }

  count(method: string, path: string, status: number | undefined): void {
    if (status === undefined) {
      this.lostConnections += 1;
      return;
    }
    this.answers += 1;
    if (status >= 500 && status !== 503) {
      this.defects.push(`${method} ${path}: ${String(status)}`);
    }
  }
}
