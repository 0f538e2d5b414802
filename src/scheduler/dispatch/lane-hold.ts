import type { Logger } from '@nestjs/common';
import type { ClaimedDispatch } from '../../domain/dispatch.js';
import type { Runtime } from '../../domain/runtime.js';
import type { UpstreamLimit } from '../../external-api/external-api.js';
import type { LaneOptions } from '../lanes/lane.options.js';
import type { QueueRepository } from '../queue/queue.repository.js';
import { dispatchLogLine } from './dispatch-log.js';
import { RateLimitBackoff } from './rate-limit-backoff.js';
import type { CallResult } from './upstream-caller.js';
import { SharedCeiling } from './shared-ceiling.js';
import { UpstreamCeiling } from './upstream-ceiling.js';

/** A hold that is longer than the last one in the log by less than this gets no line of its own. */
const MIN_LOGGED_GROWTH_MS = 1000;
const RETRY_AFTER = 'Retry-After';
const REFUSED_WITHOUT_TIME = 'the upstream answered 429 and named no time to wait';

/** The options of a lane that its hold needs. */
type HoldOptions = Pick<
  LaneOptions,
  'name' | 'retryAfterMaxMs' | 'retryBaseMs' | 'retryMaxMs' | 'callsPerDispatch'
>;

/** The end of a call, as its hold needs it. */
type EndedCall = Pick<CallResult, 'holdMs' | 'isRateLimited' | 'isFailure'>;

/** A time in which nothing of the lane is sent. */
interface Hold {
  /** Its end in monotonic ms. */
  readonly untilMs: number;
  readonly dispatch: ClaimedDispatch;
  readonly level: 'warn' | 'log';
  /** The reason, for the log. */
  readonly cause: string;
}

/** Takes the limits of the upstream that the answers to one call tell. */
export interface CallLimits {
  /** See `UpstreamCall.onLimit`. */
  readonly onLimit: (limit: UpstreamLimit) => void;
  /** Resolves when everything that the call has told is stored, so that its ids may return to the queue. */
  readonly ended: (result: EndedCall) => Promise<void>;
  /** Call it when the call has ended in any way, before {@link ended}. */
  readonly over: () => void;
}

/**
 * Holds a lane for as long as its upstream asks: by `Retry-After`, by a limit of which nothing remains, or by the backoff
 * after a 429 that names no time. What an answer says to remain is a ceiling for the calls of this process; when it is
 * reached, the lane is held until the limit resets. A hold is stored as soon as the upstream asks for it, and a shorter one never ends a
 * longer one. If the store fails, ids are only sent too early.
 */
export class LaneHold {
  private readonly backoff: RateLimitBackoff;
  private readonly ceiling = new UpstreamCeiling();
  private readonly shared: SharedCeiling;
  /** The longest hold that the store has not refused. */
  private longest: Hold | null = null;
  private storing: Promise<void> | null = null;
  /** The end of the longest hold that has a line in the log, in monotonic ms. */
  private loggedUntilMs = -Infinity;

  constructor(
    private readonly options: HoldOptions,
    private readonly repository: Pick<QueueRepository, 'holdLane' | 'limitCalls'>,
    private readonly runtime: Pick<Runtime, 'random' | 'monotonicMs'>,
    private readonly logger: Logger,
    /** Is told of each hold at once, before it is stored; not of one by a ceiling, which counts the calls that may leave. */
    private readonly recordHold: (forMs: number) => void = () => undefined,
  ) {
    const backoffOptions = {
      get baseMs() {
        return options.retryBaseMs;
      },
      get maxMs() {
        return options.retryMaxMs;
      },
    };
    this.backoff = new RateLimitBackoff(backoffOptions, runtime);
    this.shared = new SharedCeiling(
      runtime,
      (dispatch, ceiling) =>
        repository.limitCalls(dispatch, { ...ceiling, isPerId: options.callsPerDispatch > 1 }),
      (dispatch, error) => {
        logger.error(dispatchLogLine(dispatch, `: a limit of the upstream is not stored: ${String(error)}`));
      },
    );
  }

  /** The number of dispatches that the upstream still accepts now; infinite if it does not tell. */
  get dispatchesLeft(): number {
    const ceiling = this.ceiling.read(this.runtime.monotonicMs());
    return ceiling === null
      ? Number.POSITIVE_INFINITY
      : Math.floor(ceiling.callsLeft / this.options.callsPerDispatch);
  }

  /** The time until the upstream accepts calls again, in ms; null while it accepts some. */
  get acceptsInMs(): number | null {
    const nowMs = this.runtime.monotonicMs();
    const ceiling = this.ceiling.read(nowMs);
    return ceiling === null || this.dispatchesLeft > 0 ? null : ceiling.untilMs - nowMs;
  }

  /** Follows one call, which starts now. */
  follow(dispatch: ClaimedDispatch): CallLimits {
    const startedMs = this.runtime.monotonicMs();
    const left = this.ceiling.leave(this.options.callsPerDispatch);
    this.holdAtCeiling(dispatch);
    let toldMs = 0;
    return {
      over: () => {
        this.ceiling.end(left);
      },
      onLimit: ({ remaining, resetInMs, header }) => {
        if (remaining > 0 && resetInMs > 0) {
          const nowMs = this.runtime.monotonicMs();
          const untilMs = nowMs + Math.min(resetInMs, this.options.retryAfterMaxMs);
          this.ceiling.tell(left, { remaining, header }, untilMs, nowMs);
          this.share({ dispatch, remaining, untilMs }, header);
          this.holdAtCeiling(dispatch);
        }
        if (remaining === 0 && resetInMs > 0) {
          toldMs = Math.max(toldMs, resetInMs);
          const level = header === RETRY_AFTER ? 'warn' : 'log'; // a limit that is used up is nothing unusual
          this.refuse(dispatch, resetInMs, level, `${wishFor(resetInMs)} (${header})`);
        }
      },
      ended: async ({ holdMs, isRateLimited, isFailure }) => {
        if (holdMs > toldMs) {
          this.refuse(dispatch, holdMs, 'warn', wishFor(holdMs));
        } else if (isRateLimited && holdMs === 0 && toldMs === 0) {
          this.refuse(dispatch, this.backoff.refused(startedMs), 'warn', REFUSED_WITHOUT_TIME);
        } else if (!isRateLimited && !isFailure && holdMs === 0) {
          this.backoff.succeeded(startedMs);
        }
        await Promise.all([this.storing, this.shared.settled()]);
      },
    };
  }

  /** Brings a limit into the store if none that is known lets fewer calls go. */
  private share(
    told: { dispatch: ClaimedDispatch; remaining: number; untilMs: number },
    header: string,
  ): void {
    const reading = this.ceiling.read(this.runtime.monotonicMs());
    if (reading?.header === header) {
      this.shared.tell(told, reading);
    }
  }

  /** Holds the lane for all processes before a call more than the upstream accepts could leave. */
  private holdAtCeiling(dispatch: ClaimedDispatch): void {
    const nowMs = this.runtime.monotonicMs();
    const ceiling = this.ceiling.read(nowMs);
    if (ceiling !== null && this.dispatchesLeft === 0) {
      const cause = `the upstream accepts no more calls until its limit resets (${ceiling.header})`;
      this.extend(dispatch, ceiling.untilMs - nowMs, 'log', cause);
    }
  }

  /** Holds the lane, also for the calls of this process that are claimed and have not left yet. */
  private refuse(dispatch: ClaimedDispatch, wantedMs: number, level: 'warn' | 'log', cause: string): void {
    this.recordHold(Math.min(wantedMs, this.options.retryAfterMaxMs));
    this.extend(dispatch, wantedMs, level, cause);
  }

  private extend(dispatch: ClaimedDispatch, wantedMs: number, level: 'warn' | 'log', cause: string): void {
    const holdMs = Math.min(wantedMs, this.options.retryAfterMaxMs);
    const untilMs = this.runtime.monotonicMs() + holdMs;
    if (holdMs > 0 && untilMs > (this.longest?.untilMs ?? -Infinity)) {
      this.longest = { untilMs, dispatch, level, cause };
      this.storing ??= this.store(this.longest, holdMs);
    }
  }

  /** Stores a hold, and then a longer one that was asked for meanwhile. */
  private async store(hold: Hold, holdMs: number): Promise<void> {
    try {
      await this.repository.holdLane(this.options.name, holdMs);
      this.log(hold, holdMs);
    } catch (error) {
      const lost = `: ${hold.cause}, which the store does not keep: ${String(error)}`;
      this.logger.error(dispatchLogLine(hold.dispatch, lost));
      this.longest = this.longest === hold ? null : this.longest;
    }
    const { longest } = this;
    if (longest !== null && longest !== hold) {
      await this.store(longest, Math.ceil(longest.untilMs - this.runtime.monotonicMs()));
    } else {
      this.storing = null;
    }
  }

  private log({ untilMs, dispatch, level, cause }: Hold, holdMs: number): void {
    if (untilMs >= this.loggedUntilMs + MIN_LOGGED_GROWTH_MS) {
      this.loggedUntilMs = untilMs;
      this.logger[level](dispatchLogLine(dispatch, `: ${cause}; nothing is sent for ${inSeconds(holdMs)}`));
    }
  }
}

function wishFor(ms: number): string {
  return `the upstream asks to wait ${inSeconds(ms)}`;
}

function inSeconds(ms: number): string {
  return `${String(Math.ceil(ms / 1000))} s`;
}
