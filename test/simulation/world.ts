import { createHash } from 'node:crypto';
import { setImmediate as realTurn } from 'node:timers/promises';
import type { Dice } from './dice.js';

/** The longest time that a callback takes if it does not stall. */
const CALLBACK_MS = 0.1;
/** The longest time by which a timer is late. */
const TIMER_DELAY_MS = 0.4;
const MAX_TRACE = 400;

/** A promise of the service is broken. */
export class Violation extends Error {
  override readonly name = 'Violation';

  constructor(
    readonly promise: string,
    message: string,
  ) {
    super(`${promise}: ${message}`);
  }
}

/** Something that happens at a time of its own. */
interface WorldEvent {
  readonly atMs: number;
  readonly no: number;
  readonly happen: () => void;
}

/**
 * Virtual time and what happens in it, one event after the other. Time passes between events only, so the code of an
 * event runs in an instant; a stall of the event loop is a long time between two events.
 */
export class World {
  nowMs = 0;
  /** The end of the last stall, and the time for which the world has stalled. */
  stalledUntilMs = 0;
  stalledForMs = 0;
  violation: Violation | null = null;
  /** The number of callbacks so far. */
  callbacks = 0;
  /** The newest lines of the trace. */
  readonly trace: string[] = [];
  /** Runs after each event, when all that follows from it has settled. */
  afterEvent: () => void = () => undefined;
  /** Resolves when everything that an event has caused has settled. */
  settle: () => Promise<unknown> = () => realTurn();
  /** The longest stall that may come before the next event, and its probability. */
  stalls = { probability: 0, maxMs: 0 };
  private readonly hash = createHash('sha256');
  private readonly events: WorldEvent[] = [];
  private turn: (() => void)[] = [];
  private eventCount = 0;

  constructor(readonly dice: Dice) {}

  /** Lets `happen` happen after this time. Returns a function that prevents it. */
  after(delayMs: number, happen: () => void): () => void {
    const event = { atMs: this.nowMs + Math.max(0, delayMs), no: this.eventCount++, happen };
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.events[middle];
      if (other !== undefined && other.atMs <= event.atMs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    this.events.splice(low, 0, event);
    return () => {
      const i = this.events.indexOf(event);
      if (i !== -1) {
        this.events.splice(i, 1);
      }
    };
  }

  /** Lets `happen` happen in the next turn of the event loop. */
  nextTurn(happen: () => void): void {
    this.turn.push(happen);
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, resolve);
    });
  }

  /** Adds a line to the trace. */
  tell(line: string): void {
    const text = `${(this.nowMs / 1000).toFixed(4).padStart(12)} ${line}`;
    this.hash.update(text);
    this.trace.push(text);
    if (this.trace.length > 2 * MAX_TRACE) {
      this.trace.splice(0, MAX_TRACE);
    }
  }

  /** Records that a promise is broken; the first one counts. */
  fail(promise: string, message: string): void {
    if (this.violation === null) {
      this.violation = new Violation(promise, message);
      this.tell(`VIOLATION ${this.violation.message}`);
    }
  }

  /** A number that two runs share if and only if they told the same. */
  digest(): string {
    return this.hash.copy().digest('hex').slice(0, 16);
  }

  /** Lets the world go on until this time, or until a promise is broken. */
  async run(untilMs: number): Promise<void> {
    while (this.nowMs < untilMs && this.violation === null) {
      const turn = this.turn;
      this.turn = [];
      for (const happen of turn) {
        await this.perform(happen);
      }
      const next = this.events[0];
      if (this.turn.length === 0) {
        this.nowMs = Math.max(this.nowMs, Math.min(next?.atMs ?? untilMs, untilMs));
        this.pass(TIMER_DELAY_MS);
      }
      if (next !== undefined && next.atMs <= this.nowMs) {
        this.events.shift();
        await this.perform(next.happen);
      }
    }
  }

  private async perform(happen: () => void): Promise<void> {
    if (this.violation !== null) {
      return;
    }
    this.callbacks += 1;
    happen();
    await this.settle();
    this.afterEvent();
    this.pass(CALLBACK_MS);
    if (this.stalls.probability > 0 && this.dice.happens('stall', this.stalls.probability)) {
      const stallMs = this.dice.next('stall length') ** 3 * this.stalls.maxMs;
      this.tell(`stall of ${stallMs.toFixed(3)} ms`);
      this.nowMs += stallMs;
      this.stalledUntilMs = this.nowMs;
      this.stalledForMs += stallMs;
    }
  }

  private pass(maxMs: number): void {
    this.nowMs += maxMs * this.dice.next('time');
  }
}
