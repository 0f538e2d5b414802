import type { Clock } from '../../../domain/clock.js';

/** One look at the server's clock. The server read it after `sentMs` and before `receivedMs`. */
export interface ClockReading {
  /** Server time in milliseconds. */
  readonly serverMs: number;
  /** On this process's monotonic clock. */
  readonly sentMs: number;
  /** On this process's monotonic clock. */
  readonly receivedMs: number;
}

/** A step of the server's clock, in milliseconds: forward where it is positive. */
export interface ClockStep {
  /** As it is believed to be. */
  readonly ms: number;
  /** As large as it can be: readings are as exact as the way to the server is short. */
  readonly mostMs: number;
}

/** Server time minus monotonic time: it lies between these two, in milliseconds. */
interface Offset {
  readonly least: number;
  readonly most: number;
  readonly readAtMs: number;
}

/** Less than this is no step: clocks are slewed, and readings are not exact. */
const MIN_STEP_MS = 1000;
/** The most by which one clock runs faster than another. NTP slews by 0.0005 at the most. */
const MAX_DRIFT = 0.001;

/**
 * The server's clock, as this process knows it: how far it is from the monotonic clock of this process. That distance does
 * not change by itself, so a reading at another distance means that someone set the server's clock, or that another
 * server answers.
 */
export class ServerClock {
  private offset: Offset | null = null;

  constructor(private readonly clock: Clock) {}

  nowMs(): number {
    return this.clock.monotonicMs();
  }

  /** Null where the clock has not stepped: the reading counts. */
  observe(reading: ClockReading): ClockStep | null {
    const read = offsetOf(reading);
    const { offset } = this;
    if (offset !== null && isStep(offset, read)) {
      const mostMs = read.most - offset.least;
      return { ms: (mostMs + read.least - offset.most) / 2, mostMs };
    }
    this.offset = offset === null ? read : narrowed(offset, read);
    return null;
  }

  /** True for a reading that was asked for before the newest one that counts was there: nobody knows which is the older. */
  isOutOfOrder({ sentMs }: ClockReading): boolean {
    return this.offset !== null && sentMs < this.offset.readAtMs;
  }

  /** The distance is another one from now on. */
  accept(reading: ClockReading): void {
    this.offset = offsetOf(reading);
  }

  /** It is known that the clock has stepped by so much since the last reading. */
  stepped(ms: number): void {
    const { offset } = this;
    this.offset = offset && { ...offset, least: offset.least + ms, most: offset.most + ms };
  }

  /** Server time now at the latest; null as long as no reading is there. */
  latestMs(): number | null {
    return this.offset === null ? null : this.nowMs() + this.offset.most + MIN_STEP_MS;
  }
}

function offsetOf({ serverMs, sentMs, receivedMs }: ClockReading): Offset {
  return { least: serverMs - receivedMs, most: serverMs - sentMs, readAtMs: receivedMs };
}

function isStep(known: Offset, read: Offset): boolean {
  const distanceMs = Math.max(read.least - known.most, known.least - read.most);
  return distanceMs > MIN_STEP_MS + MAX_DRIFT * (read.readAtMs - known.readAtMs);
}

/** What both readings allow; the newer one where they do not meet, as clocks drift. */
function narrowed(known: Offset, read: Offset): Offset {
  const least = Math.max(known.least, read.least);
  const most = Math.min(known.most, read.most);
  return least <= most ? { least, most, readAtMs: read.readAtMs } : read;
}
