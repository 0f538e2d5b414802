import type { Dispatch } from '../../domain/dispatch.js';
import type { Runtime } from '../../domain/runtime.js';
import { StoreUnavailableError } from '../../domain/store-errors.js';
import type { WindowTimer, WindowTimers } from '../pacing/window-timers.js';
import type { QueueRepository, Settlement } from '../queue/queue.repository.js';

/** Maximum number of dispatches in one commit. More would block the event loop for long, and gain little. */
const MAX_DISPATCHES = 100;
/** Maximum cost of the dispatches in one commit of more than one: the number of ids, if nothing but them costs anything. */
const MAX_COST = 5000;
/** Time in ms from the begin of one commit to that of the next, if its outcomes may wait for others. */
const GATHERING_MS = 4;
/** The cost of a list of a dispatch, and of an id that is not completed, in completed ids: they are written as rows. */
const ROW_COST = 5;

/** The outcomes of a dispatch that this process has claimed. */
export interface OwnSettlement extends Settlement {
  readonly dispatch: Dispatch;
}

/**
 * What outcomes wait for before they are written, so that others share their commit: nothing, the calls that end in the same
 * turn of the event loop, or a time since the last commit.
 */
export type Gathering = 'nothing' | 'turn' | 'time';

interface Pending {
  readonly settlement: OwnSettlement;
  readonly gathering: Gathering;
  readonly onWritten: () => void;
  readonly resolve: (isRecorded: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Records the outcomes of dispatches that end together in one commit. At most `maxCommits` run at a time; what ends
 * meanwhile forms the next one.
 */
export class SettlementGroup {
  private readonly queue: Pending[] = [];
  private isRecording = false;
  /** Number of commits that run. */
  private commits = 0;
  /** Called when a commit has ended. */
  private onCommitted: () => void = () => undefined;
  /** When the last commit began, on the monotonic clock. */
  private commitBegunMs = Number.NEGATIVE_INFINITY;
  /** It fires with the timers of lanes: then their claims and these outcomes share a flush. */
  private readonly timer: WindowTimer;
  /** Ends the wait of outcomes for a time. */
  private endWait: () => void = () => undefined;

  constructor(
    private readonly repository: Pick<QueueRepository, 'settle'>,
    private readonly runtime: Runtime,
    timers: WindowTimers,
    private readonly maxCommits = 1,
  ) {
    this.timer = timers.create(() => {
      this.endWait();
    });
  }

  /**
   * Resolves when the outcomes are durable; with false if the dispatch is no longer held, see `QueueRepository.settle`.
   * Calls `onWritten` when the store has them, before that or at the same time.
   * @throws StoreUnavailableError; then nothing of this dispatch is recorded, or it is certain only after another try
   */
  record(
    settlement: OwnSettlement,
    onWritten: () => void = () => undefined,
    gathering: Gathering = 'nothing',
  ): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.queue.push({ settlement, gathering, onWritten, resolve, reject });
      if (!this.isRecording) {
        this.isRecording = true;
        void this.recordAll(gathering === 'turn');
      } else if (gathering !== 'time') {
        this.timer.clear();
        this.endWait();
      }
    });
  }

  private async recordAll(gathersTurn: boolean): Promise<void> {
    if (gathersTurn) {
      await this.runtime.nextTurn();
    }
    while (this.queue.length > 0) {
      await this.gather();
      while (this.commits === this.maxCommits) {
        await new Promise<void>((resolve) => {
          this.onCommitted = resolve;
        });
      }
      this.commitBegunMs = this.runtime.monotonicMs();
      void this.commit(this.queue.splice(0, this.groupSize()));
    }
    this.isRecording = false;
  }

  private async commit(group: readonly Pending[]): Promise<void> {
    this.commits += 1;
    await this.recordGroup(group);
    this.commits -= 1;
    this.onCommitted();
  }

  /** Waits until it is time for the next commit, or until there are outcomes that do not wait for a time. */
  private async gather(): Promise<void> {
    const waitMs = this.commitBegunMs + GATHERING_MS - this.runtime.monotonicMs();
    if (waitMs > 0 && this.queue.every(({ gathering }) => gathering === 'time')) {
      await new Promise<void>((resolve) => {
        this.endWait = resolve;
        this.timer.set(waitMs, waitMs);
      });
    }
  }

  private groupSize(): number {
    let cost = 0;
    const end = this.queue.findIndex(({ settlement }, i) => {
      cost += costOf(settlement);
      return i === MAX_DISPATCHES || (i > 0 && cost > MAX_COST);
    });
    return end === -1 ? this.queue.length : end;
  }

  private async recordGroup(group: readonly Pending[]): Promise<void> {
    const written = (): void => {
      group.forEach(({ onWritten }) => {
        onWritten();
      });
    };
    try {
      const recorded = await this.repository.settle(
        group.map(({ settlement }) => settlement),
        written,
      );
      written();
      group.forEach(({ resolve }, i) => {
        resolve(recorded[i] === true);
      });
    } catch (error) {
      if (group.length === 1 || error instanceof StoreUnavailableError) {
        group.forEach(({ reject }) => {
          reject(error);
        });
      } else {
        await this.recordEach(group);
      }
    }
  }

  /** Records each on its own: one that the store refuses must not fail the others. */
  private async recordEach(group: readonly Pending[]): Promise<void> {
    for (const pending of group) {
      await this.recordGroup([pending]);
    }
  }
}

function costOf({ dispatch: { parts }, outcomes }: OwnSettlement): number {
  const open = outcomes.filter(({ kind }) => kind !== 'completed').length;
  return outcomes.length + ROW_COST * (parts.length + open);
}
