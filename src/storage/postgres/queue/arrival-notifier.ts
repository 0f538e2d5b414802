import { statement, type Step } from '../database/statement.js';

/**
 * A NOTIFY makes commits of the whole server wait for each other, so there is one at most in this time. The process
 * that accepts wakes itself; the others need to hear only that there is work at all.
 */
const AT_MOST_EVERY_MS = 50;

/** The name under which processes of one schema tell each other that ids have come to wait. */
export function channelOf(schema: string): string {
  return `sluice:${schema}`.slice(0, 63);
}

/** Decides which acceptances tell the other processes. What was left out is made up for by `later`. */
export class ArrivalNotice {
  private readonly notify: Step;
  private timer: NodeJS.Timeout | undefined;
  private isOwed = false;

  constructor(
    schemaName: string,
    private readonly later: (step: Step) => void,
  ) {
    this.notify = { statement: statement('SELECT pg_notify($1, $2)'), values: [channelOf(schemaName), ''] };
  }

  /** What an acceptance adds to its transaction. */
  steps(): readonly Step[] {
    if (this.timer !== undefined) {
      this.isOwed = true;
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
      if (this.isOwed) {
        this.isOwed = false;
        this.pause();
        this.later(this.notify);
      }
    }, AT_MOST_EVERY_MS);
    this.timer.unref();
  }
}
