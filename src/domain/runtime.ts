import { Clock } from './clock.js';

/** A timer that was set. By default it keeps the process running until it fires. */
export interface Timer {
  /** Lets the process end before the timer fires. */
  unref(): Timer;
  /** Starts the delay again from now. */
  refresh(): Timer;
}

/** A callback for the next turn of the event loop. */
export interface Immediate {
  unref(): Immediate;
}

/** Options of {@link Runtime.sleep}. */
export interface SleepOptions {
  /** Ends the sleep early. */
  readonly signal?: AbortSignal;
  /** If false, the process may end before the sleep does. Default: true. */
  readonly ref?: boolean;
}

/** The longest delay of a timer in ms, some 24.8 days. Node.js fires a timer with a longer delay at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Provides everything that the service takes from the machine and that differs from run to run: time, timers, random
 * numbers and ids. Every class that needs one of them has this port injected, and every function receives it as an
 * argument; a lint rule forbids the functions of Node.js. A simulation, an application that embeds the service, or a
 * test replaces this one object. A class that only reads time has {@link Clock} injected, which is the same object.
 *
 * The name is that of the environment in which a program runs. `Environment` would be mistaken for the variables of the
 * process, and `Clock` does not mention random numbers.
 *
 * Libraries read clocks and create timers of their own, which this port does not control: `pg` and `undici` (timeouts of
 * connections and responses), `@nestjs/schedule` (`@Interval`), `rxjs` (`interval`, `timer`, `throttleTime`), `jose`
 * (the expiry of tokens and of fetched keys), `pino` (times of log lines), `prom-client` (durations of upstream
 * requests), `@opentelemetry/sdk-trace` (times, ids and export of spans), and `node:http`, `node:dns` and
 * `node:perf_hooks` (timeouts of sockets and queries, the delay of the event loop). They use the globals of Node.js,
 * most of which Jest's fake timers replace.
 */
export abstract class Runtime extends Clock {
  /** Calls back once after `delayMs`, at most {@link MAX_TIMER_MS}. */
  abstract setTimeout(callback: () => void, delayMs: number): Timer;

  abstract clearTimeout(timer: Timer | undefined): void;

  /** Calls back every `intervalMs`, at most {@link MAX_TIMER_MS}. */
  abstract setInterval(callback: () => void, intervalMs: number): Timer;

  abstract clearInterval(timer: Timer | undefined): void;

  /** Calls back in the next turn of the event loop, after input and output were handled. */
  abstract setImmediate(callback: () => void): Immediate;

  abstract clearImmediate(immediate: Immediate | undefined): void;

  /** Returns a random number from 0 to just under 1. Not for secrets. */
  abstract random(): number;

  /** Returns random bytes that are fit for secrets. */
  abstract randomBytes(size: number): Buffer;

  /** Returns a new UUID of version 7, which begins with the wall time. */
  abstract uuidV7(): string;

  /**
   * Resolves after `delayMs`.
   * @throws the reason of `signal` once it is aborted.
   */
  async sleep(delayMs: number, { signal, ref = true }: SleepOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const timer = this.setTimeout(() => {
      resolve(undefined);
    }, delayMs);
    if (!ref) {
      timer.unref();
    }
    const end = (): void => {
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', end);
    try {
      await promise;
    } finally {
      this.clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    }
  }

  /** Resolves in the next turn of the event loop, so that other work can run before. */
  nextTurn(): Promise<void> {
    return new Promise((resolve) => {
      this.setImmediate(resolve);
    });
  }
}
