import type { Dispatch } from '../../domain/dispatch.js';
import type { Runtime } from '../../domain/runtime.js';
import { StoreUnavailableError } from '../../domain/store-errors.js';
import type { QueueRepository, Settlement } from '../queue/queue.repository.js';

/** Maximum number of dispatches in one commit. More would block the event loop for long, and gain little. */
const MAX_DISPATCHES = 100;
/** Maximum cost of the dispatches in one commit of more than one: the number of ids, if nothing but them costs anything. */
const MAX_COST = 5000;
/** The cost of a list of a dispatch, and of an id that is not completed, in completed ids: they are written as rows. */
const ROW_COST = 5;

/** The outcomes of a dispatch that this process has claimed. */
export interface OwnSettlement extends Settlement {
  readonly dispatch: Dispatch;
}

interface Pending {
  readonly settlement: OwnSettlement;
  readonly onWritten: () => void;
  readonly resolve: (isRecorded: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Records the outcomes of dispatches that end together in one commit. One commit runs at a time; what ends meanwhile
 * forms the next one.
 */
export class SettlementGroup {
  private readonly queue: Pending[] = [];
  private isRecording = false;

  constructor(
    private readonly repository: Pick<QueueRepository, 'settle'>,
    private readonly runtime: Runtime,
    /** Returns true if the first commit waits for the calls that end in the same turn of the event loop. */
    private readonly gathersTurn: () => boolean,
  ) {}

  /**
   * Resolves when the outcomes are durable; with false if the dispatch is no longer held, see `QueueRepository.settle`.
   * Calls `onWritten` when the store has them, before that or at the same time.
   * @throws StoreUnavailableError; then nothing of this dispatch is recorded, or it is certain only after another try
   */
  record(settlement: OwnSettlement, onWritten: () => void = () => undefined): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.queue.push({ settlement, onWritten, resolve, reject });
      if (!this.isRecording) {
        this.isRecording = true;
        void this.recordAll();
      }
    });
  }

  private async recordAll(): Promise<void> {
    if (this.gathersTurn()) {
      await this.runtime.nextTurn();
    }
    while (this.queue.length > 0) {
      await this.recordGroup(this.queue.splice(0, this.groupSize()));
    }
    this.isRecording = false;
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
