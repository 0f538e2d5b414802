import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from '@nestjs/common';
import type { Runtime, Timer } from '../../domain/runtime.js';

const FIRST_INTERVAL_MS = 1000;
const MAX_INTERVAL_MS = 5 * 60_000;
/** A failure this long after the previous one starts a new series. */
const QUIET_MS = 60_000;
/** The same limit if no success was reported in between. */
const SILENT_MS = 2 * MAX_INTERVAL_MS;

/** Runs work outside all requests. It is taken here, because a log of failures may be created in a request. */
const runOutsideRequests = AsyncLocalStorage.snapshot();

/**
 * Logs repeated failures of one kind. The first one is logged immediately, then one line after 1 s, 2 s, 4 s
 * and so on, up to 5 min apart. Each line says how many failures there were, and since when. The end is
 * logged in one line.
 */
export class FailureLog {
  private sinceMs = 0;
  private failures = 0;
  private intervalMs = FIRST_INTERVAL_MS;
  private nextLineAtMs = 0;
  private lastFailureAtMs = Number.NEGATIVE_INFINITY;
  private isFailing = false;
  /** True if a failure was logged and its end was not. */
  private isEndWanted = false;
  private timer: Timer | undefined;
  private writeLast: () => void = () => undefined;

  /** `subject` names what fails, for the line about the end. `fields` are added to every line. */
  constructor(
    private readonly runtime: Runtime,
    private readonly logger: Logger,
    private readonly level: 'warn' | 'error',
    private readonly subject: string,
    private readonly fields: object = {},
  ) {}

  /** Counts one failure. `describe` is called only if a line is written. */
  failed(describe: () => string, fields: object = {}): void {
    const nowMs = this.runtime.monotonicMs();
    if (nowMs - this.lastFailureAtMs > (this.isFailing ? SILENT_MS : QUIET_MS)) {
      this.beginSeries(nowMs);
    }
    this.lastFailureAtMs = nowMs;
    this.failures += 1;
    this.isFailing = true;
    this.writeLast = () => {
      this.writeFailure(describe, fields);
    };
    if (nowMs >= this.nextLineAtMs) {
      this.writeNext();
    } else {
      this.timer ??= this.startTimer(nowMs);
    }
  }

  /** Ends the series. Failures that are not logged yet are counted in a line when it is due. */
  succeeded(): void {
    if (!this.isFailing) {
      return;
    }
    this.isFailing = false;
    if (this.isEndWanted) {
      this.clearTimer();
      this.writeEnd();
    }
  }

  private beginSeries(nowMs: number): void {
    this.clearTimer();
    this.sinceMs = this.runtime.wallMs();
    this.failures = 0;
    this.intervalMs = FIRST_INTERVAL_MS;
    this.nextLineAtMs = nowMs;
  }

  /** The line must not carry the id of the request that started the timer, so it runs outside all requests. */
  private startTimer(nowMs: number): Timer {
    return runOutsideRequests(() =>
      this.runtime
        .setTimeout(() => {
          this.writeNext();
        }, this.nextLineAtMs - nowMs)
        .unref(),
    );
  }

  private writeNext(): void {
    this.clearTimer();
    this.nextLineAtMs = this.runtime.monotonicMs() + this.intervalMs;
    this.intervalMs = Math.min(2 * this.intervalMs, MAX_INTERVAL_MS);
    if (this.isFailing) {
      this.isEndWanted = true;
      this.writeLast();
    } else {
      this.writeEnd();
    }
  }

  private writeFailure(describe: () => string, fields: object): void {
    const isFirst = this.failures === 1;
    const msg = isFirst ? describe() : `${describe()} (${this.toText()})`;
    this.logger[this.level]({ ...this.fields, ...fields, msg, ...(!isFirst && this.toFields()) });
  }

  private writeEnd(): void {
    this.isEndWanted = false;
    this.logger.log({
      ...this.fields,
      msg: `${this.subject}: over after ${this.toText()}`,
      ...this.toFields(),
    });
  }

  private toText(): string {
    const { failures, since } = this.toFields();
    return `${String(failures)} ${failures === 1 ? 'failure' : 'failures'} since ${since}`;
  }

  private toFields(): { readonly failures: number; readonly since: string } {
    return { failures: this.failures, since: new Date(this.sinceMs).toISOString() };
  }

  private clearTimer(): void {
    this.runtime.clearTimeout(this.timer);
    this.timer = undefined;
  }
}
