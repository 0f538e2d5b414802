import type { ClaimedDispatch } from '../../domain/dispatch.js';
import type { CallCeiling } from '../queue/queue.repository.js';
import type { CeilingReading } from './upstream-ceiling.js';

/** A ceiling is stored anew where it differs from the stored one by more than this share of the calls that are left. */
const STORED_SHARE = 1 / 8;
/** Resets that differ by less are the same one. */
const SAME_RESET_MS = 1000;

/** An answer that tells a ceiling. */
interface ToldCeiling {
  readonly dispatch: ClaimedDispatch;
  readonly remaining: number;
  readonly untilMs: number;
}

/**
 * Brings the ceilings that answers tell this process into the store, for the other processes and for a restart. One is stored
 * if it differs from the last one by much, compared with the calls that are left, and each time that half of these are gone:
 * the fewer are left, the more exact is the stored one. At most one is being stored; meanwhile only the latest is remembered.
 */
export class SharedCeiling {
  private stored: CeilingReading | null = null;
  private next: ToldCeiling | null = null;
  private storing: Promise<void> | null = null;

  constructor(
    private readonly clock: { monotonicMs(): number },
    private readonly store: (
      dispatch: ClaimedDispatch,
      ceiling: Pick<CallCeiling, 'remaining' | 'forMs'>,
    ) => Promise<void>,
    private readonly onError: (dispatch: ClaimedDispatch, error: unknown) => void,
  ) {}

  /** Records a ceiling that an answer tells; `reading` is what it leaves in this process. */
  tell(told: ToldCeiling, reading: CeilingReading): void {
    if (this.isNews(reading)) {
      this.stored = reading;
      this.next = told;
      this.storing ??= this.storeAll();
    }
  }

  /** Resolves when everything that was told is stored. */
  async settled(): Promise<void> {
    await this.storing;
  }

  private isNews({ callsLeft, total, untilMs }: CeilingReading): boolean {
    const { stored } = this;
    return (
      stored === null ||
      Math.abs(stored.untilMs - untilMs) > SAME_RESET_MS ||
      Math.abs(stored.total - total) > callsLeft * STORED_SHARE ||
      callsLeft < stored.callsLeft / 2
    );
  }

  private async storeAll(): Promise<void> {
    for (let told = this.next; told !== null; told = this.next) {
      this.next = null;
      const { dispatch, remaining, untilMs } = told;
      try {
        await this.store(dispatch, { remaining, forMs: untilMs - this.clock.monotonicMs() });
      } catch (error) {
        this.stored = null;
        this.onError(dispatch, error);
      }
    }
    this.storing = null;
  }
}
