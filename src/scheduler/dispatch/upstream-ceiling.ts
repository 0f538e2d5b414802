import type { UpstreamLimit } from '../../external-api/external-api.js';

/** The calls of a dispatch that has left, as its answers are compared with it. */
export interface LeftCalls {
  readonly calls: number;
  /** The running total of calls with these. */
  readonly total: number;
  /** Calls without an answer when these left. */
  readonly openBefore: number;
}

/** The most calls that the upstream accepts until a limit of its own resets. */
interface Ceiling {
  readonly header: string;
  /** The running total of the calls whose answer tells it. */
  readonly toldAt: number;
  /** The running total up to which calls are accepted. */
  readonly total: number;
  /** Monotonic time at which the limit resets, in ms. */
  readonly untilMs: number;
}

/** The room that the answers of the upstream still leave. */
export interface CeilingReading {
  /** The number of calls; never below zero. */
  readonly callsLeft: number;
  /** The running total up to which calls are accepted. */
  readonly total: number;
  readonly untilMs: number;
  readonly header: string;
}

/**
 * The calls of this process that an upstream still accepts, from what its answers say to remain. An answer says it for the
 * moment at which the upstream took the call: of the calls that had left by then, those without an answer may not have
 * arrived yet, so they are taken off. Calls that left later are in the running total. An answer to earlier calls tells
 * nothing new. It only lowers the pace.
 */
export class UpstreamCeiling {
  private total = 0;
  private open = 0;
  private ceilings: Ceiling[] = [];

  /** Records that calls leave now. Call {@link end} when they have ended. */
  leave(calls: number): LeftCalls {
    const left = { calls, total: this.total + calls, openBefore: this.open };
    this.total += calls;
    this.open += calls;
    return left;
  }

  end({ calls }: LeftCalls): void {
    this.open -= calls;
  }

  /** Records what an answer to these calls says, until `untilMs`, in monotonic ms. */
  tell(
    { calls, total, openBefore }: LeftCalls,
    { remaining, header }: Pick<UpstreamLimit, 'remaining' | 'header'>,
    untilMs: number,
    nowMs: number,
  ): void {
    const known = this.ceilings.filter((ceiling) => ceiling.untilMs > nowMs);
    const isOld = known.some((ceiling) => ceiling.header === header && ceiling.toldAt > total);
    // An answer may tell several limits, and a dispatch may have several answers: all of them count.
    this.ceilings = known.filter((ceiling) => isOld || ceiling.header !== header || ceiling.toldAt === total);
    if (!isOld) {
      const ceiling = total + remaining - openBefore - (calls - 1);
      this.ceilings.push({ header, toldAt: total, total: ceiling, untilMs });
    }
  }

  /** Returns the ceiling that lets the fewest calls go at `nowMs`; null if none is known. */
  read(nowMs: number): CeilingReading | null {
    return this.ceilings.reduce<CeilingReading | null>((lowest, { total, untilMs, header }) => {
      const callsLeft = Math.max(0, total - this.total);
      return untilMs <= nowMs || (lowest !== null && lowest.callsLeft <= callsLeft)
        ? lowest
        : { callsLeft, total, untilMs, header };
    }, null);
  }
}
