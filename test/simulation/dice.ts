import { seededRandom } from '../../src/external-api/seeded-random.js';

/** The name of a fault or an action that has happened: its kind, and its number among the draws of that kind. */
export type Incident = `${string}#${number}`;

/**
 * The randomness of one run. Each kind of decision has draws of its own, so that a run without some incidents decides
 * everything else as before.
 */
export class Dice {
  /** The incidents that have happened, in their order. */
  readonly incidents: Incident[] = [];
  private readonly streams = new Map<string, { readonly next: () => number; count: number }>();

  constructor(
    readonly seed: number,
    /** The incidents that may happen; all may if it is null. */
    private readonly allowed: ReadonlySet<string> | null = null,
  ) {}

  /** Returns true with this probability: then an incident of this kind happens. */
  happens(kind: string, probability: number): boolean {
    const stream = this.streamOf(kind);
    const isDrawn = stream.next() < probability;
    const incident: Incident = `${kind}#${String(stream.count) as `${number}`}`;
    stream.count += 1;
    if (!isDrawn || (this.allowed !== null && !this.allowed.has(incident))) {
      return false;
    }
    this.incidents.push(incident);
    return true;
  }

  /** Returns a number from 0 to just under 1. */
  next(kind: string): number {
    return this.streamOf(kind).next();
  }

  between(kind: string, min: number, max: number): number {
    return min + this.next(kind) * (max - min);
  }

  /** Returns a whole number from `min` to `max`. */
  integer(kind: string, min: number, max: number): number {
    return Math.floor(this.between(kind, min, max + 1));
  }

  pick<T>(kind: string, list: readonly [T, ...T[]]): T {
    return list[this.integer(kind, 0, list.length - 1)] ?? list[0];
  }

  private streamOf(kind: string): { readonly next: () => number; count: number } {
    let stream = this.streams.get(kind);
    if (stream === undefined) {
      stream = { next: seededRandom(hashText(kind, this.seed)), count: 0 };
      this.streams.set(kind, stream);
    }
    return stream;
  }
}

/** FNV-1a. */
function hashText(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const character of text) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  }
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}
