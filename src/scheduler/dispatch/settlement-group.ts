import type { Dispatch } from '../../domain/dispatch.js';
import type { Runtime } from '../../domain/runtime.js';
import { Semaphore } from '../../domain/semaphore.js';
import { runTogether, type Waiting } from '../run-together.js';
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
 * Says how long outcomes wait before they are written, so that others share their commit: not at all, until the calls that end
 * in the same turn of the event loop have ended, or until some ms have passed since the last commit.
 */
export type Gathering = 'nothing' | 'turn' | 'time';

interface Pending extends Waiting<boolean> {
  readonly settlement: OwnSettlement;
  readonly gathering: Gathering;
  readonly onWritten: () => void;
}

/**
 * Records the outcomes of dispatches that end together in one commit. At most `maxCommits` run at a time; what ends
 * meanwhile forms the next one.
 */
export class SettlementGroup {
  private readonly queue: Pending[] = [];
  private isRecording = false;
  private readonly commits: Semaphore;
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
    maxCommits = 1,
  ) {
    this.commits = new Semaphore(maxCommits);
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
      await this.commits.acquire();
      this.commitBegunMs = this.runtime.monotonicMs();
      void this.commit(this.queue.splice(0, this.groupSize()));
    }
    this.isRecording = false;
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

  private async commit(group: readonly Pending[]): Promise<void> {
    await runTogether(group, (pending) => this.settle(pending));
    this.commits.release();
  }

  private async settle(pending: readonly Pending[]): Promise<readonly boolean[]> {
    const written = (): void => {
      pending.forEach(({ onWritten }) => {
        onWritten();
      });
    };
    const recorded = await this.repository.settle(
      pending.map(({ settlement }) => settlement),
      written,
    );
    written();
    return pending.map((_, i) => recorded[i] === true);
  }
}

function costOf({ dispatch: { parts }, outcomes }: OwnSettlement): number {
  const open = outcomes.filter(({ kind }) => kind !== 'completed').length;
  return outcomes.length + ROW_COST * (parts.length + open);
}
