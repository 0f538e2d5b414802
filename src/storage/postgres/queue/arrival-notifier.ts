import { statement, type BoundStatement } from '../database/statement.js';
import type { Runtime, Timer } from '../../../domain/runtime.js';

/**
 * Minimum time between two NOTIFYs, because a NOTIFY serialises the commits of the whole server. The accepting process
 * wakes itself; the others only need to know that there is work.
 */
const MIN_INTERVAL_MS = 50;

/** Returns the channel on which processes of one schema notify each other of pending ids. */
export function toChannel(schema: string): string {
  return `sluice:${schema}`.slice(0, 63);
}

/** Decides which acceptances notify the other processes. Skipped notifications are sent later through `sendLater`. */
export class ArrivalNotifier {
  private readonly notify: BoundStatement;
  private timer: Timer | undefined;
  private isPending = false;

  constructor(
    schemaName: string,
    private readonly runtime: Runtime,
    private readonly sendLater: (boundStatement: BoundStatement) => void,
  ) {
    this.notify = { statement: statement('SELECT pg_notify($1, $2)'), values: [toChannel(schemaName), ''] };
  }

  /** Returns the statements that an acceptance adds to its transaction. */
  steps(): readonly BoundStatement[] {
    if (this.timer !== undefined) {
      this.isPending = true;
      return [];
    }
    this.pause();
    return [this.notify];
  }

  close(): void {
    this.runtime.clearTimeout(this.timer);
  }

  private pause(): void {
    this.timer = this.runtime.setTimeout(() => {
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
