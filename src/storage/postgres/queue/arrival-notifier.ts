import { statement, type BoundStatement } from '../database/statement.js';

/**
 * A NOTIFY makes commits of the whole server wait for each other, so there is one at most in this time. The process
 * that accepts wakes itself; the others need to hear only that there is work at all.
 */
const MIN_INTERVAL_MS = 50;

/** The name under which processes of one schema tell each other that ids have come to wait. */
export function toChannel(schema: string): string {
  return `sluice:${schema}`.slice(0, 63);
}

/** Decides which acceptances tell the other processes. What was left out is made up for by `later`. */
export class ArrivalNotifier {
  private readonly notify: BoundStatement;
  private timer: NodeJS.Timeout | undefined;
  private isPending = false;

  constructor(
    schemaName: string,
    private readonly sendLater: (boundStatement: BoundStatement) => void,
  ) {
    this.notify = { statement: statement('SELECT pg_notify($1, $2)'), values: [toChannel(schemaName), ''] };
  }

  /** What an acceptance adds to its transaction. */
  steps(): readonly BoundStatement[] {
    if (this.timer !== undefined) {
      this.isPending = true;
      return [];
    }
    this.pause();
    return [this.notify];
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private pause(): void {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.isPending) {
        this.isPending = false;
        this.pause();
        this.sendLater(this.notify);
      }
    }, MIN_INTERVAL_MS);
    this.timer.unref();
  }
}
