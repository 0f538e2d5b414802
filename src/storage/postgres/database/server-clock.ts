import type { Clock } from '../../../domain/clock.js';

/** One reading of the server's clock, taken by the server after `sentMs` and before `receivedMs`. */
export interface ClockReading {
  /** Server time in milliseconds. */
  readonly serverMs: number;
  /** Monotonic time of this process when the query was sent. */
  readonly sentMs: number;
  /** Monotonic time of this process when the result arrived. */
  readonly receivedMs: number;
}

/** A step of the server's clock in milliseconds; positive values are forward. */
export interface ClockStep {
  /** The estimated step. */
  readonly ms: number;
  /** The largest possible step: the longer the round trip, the less exact a reading. */
  readonly maxMs: number;
}

/** Bounds of server time minus monotonic time, in milliseconds. */
interface Offset {
  readonly minMs: number;
  readonly maxMs: number;
  readonly readAtMs: number;
}

/** A smaller difference is not a step: chrony slews by up to a twelfth, and readings follow each other within a second. */
const MIN_STEP_MS = 100;
/** Maximum rate by which one clock runs faster than another. NTP slews by at most 0.0005. */
const MAX_DRIFT = 0.001;

/**
 * Tracks the offset between the server's clock and the monotonic clock of this process. The offset is constant, so a
 * reading with another offset means that the server's clock was set or that another server responds.
 */
export class ServerClock {
  private offset: Offset | null = null;

  constructor(private readonly clock: Clock) {}

  nowMs(): number {
    return this.clock.monotonicMs();
  }

  /** Returns the step of the clock; null if there is none, and then the reading is used. */
  observe(reading: ClockReading): ClockStep | null {
    const read = offsetOf(reading);
    const { offset } = this;
    if (offset !== null && isStep(offset, read)) {
      const maxMs = read.maxMs - offset.minMs;
      return { ms: (maxMs + read.minMs - offset.maxMs) / 2, maxMs };
    }
    this.offset = offset === null ? read : narrowed(offset, read);
    return null;
  }

  /** Returns true if the reading was requested before the newest used one arrived: their order is then unknown. */
  isOutOfOrder({ sentMs }: ClockReading): boolean {
    return this.offset !== null && sentMs < this.offset.readAtMs;
  }

  /** Adopts the offset of this reading. */
  accept(reading: ClockReading): void {
    this.offset = offsetOf(reading);
  }

  /** Shifts the offset by a known step since the last reading. */
  stepped(ms: number): void {
    const { offset } = this;
    this.offset = offset && { ...offset, minMs: offset.minMs + ms, maxMs: offset.maxMs + ms };
  }

  /** Returns the latest possible server time now; null without a reading. */
  latestMs(): number | null {
    return this.offset === null ? null : this.nowMs() + this.offset.maxMs + MIN_STEP_MS;
  }
}

function offsetOf({ serverMs, sentMs, receivedMs }: ClockReading): Offset {
  return { minMs: serverMs - receivedMs, maxMs: serverMs - sentMs, readAtMs: receivedMs };
}

function isStep(known: Offset, read: Offset): boolean {
  const distanceMs = Math.max(read.minMs - known.maxMs, known.minMs - read.maxMs);
  return distanceMs > MIN_STEP_MS + MAX_DRIFT * (read.readAtMs - known.readAtMs);
}

/** Intersects both offsets. If they do not overlap, because clocks drift, the newer one is used. */
function narrowed(known: Offset, read: Offset): Offset {
  const minMs = Math.max(known.minMs, read.minMs);
  const maxMs = Math.min(known.maxMs, read.maxMs);
  return minMs <= maxMs ? { minMs, maxMs, readAtMs: read.readAtMs } : read;
}
