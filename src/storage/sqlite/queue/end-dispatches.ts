import type { ClaimedDispatch } from '../../../domain/dispatch.js';
import { RELEASED, RELEASED_UNSENT, type Transition } from '../../../domain/outcome-transition.js';
import type { Runtime } from '../../../domain/runtime.js';
import type { Settlement } from '../../../scheduler/queue/queue.repository.js';
import type { SqliteDatabase } from '../database/database.js';
import type { StoreClock } from '../database/store-clock.js';
import type { ClaimedParts } from '../../shared/claimed-parts.js';
import { DispatchLeases } from './dispatch-leases.js';
import { NotHeldError, OutcomeWriter, type SettledDispatch } from './settle.js';
import type { PartRow, Timestamps } from './write-transitions.js';

/** Ends dispatches: settles, releases and reclaims them. See the methods of `QueueRepository` with the same names. */
export class EndDispatches {
  /** Dispatches to release before the next claim. */
  private abandoned: ClaimedDispatch[] = [];
  private readonly outcomes: OutcomeWriter;
  private readonly leases: DispatchLeases;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly runtime: Runtime,
    private readonly claimedParts: ClaimedParts<PartRow>,
  ) {
    this.outcomes = new OutcomeWriter(database);
    this.leases = new DispatchLeases(database);
    this.leases.expireAll(time.nowMs());
  }

  async settle(settlements: readonly Settlement[], onWritten?: () => void): Promise<readonly boolean[]> {
    try {
      const isRecorded = await this.settleTogether(settlements, onWritten);
      return settlements.map(() => isRecorded);
    } catch (error) {
      if (!(error instanceof NotHeldError)) {
        throw error;
      }
    }
    const recorded: boolean[] = [];
    for (const settlement of settlements) {
      recorded.push(await this.settleTogether([settlement]));
    }
    return recorded;
  }

  release(dispatches: readonly ClaimedDispatch[], isOutcomeUnknown: boolean): readonly boolean[] {
    return this.writeReleases(dispatches, isOutcomeUnknown ? RELEASED : RELEASED_UNSENT);
  }

  abandon(dispatch: ClaimedDispatch): void {
    this.abandoned.push(dispatch);
    try {
      this.releaseAbandoned();
    } catch {
      // The next claim releases it.
    }
  }

  releaseAbandoned(): void {
    if (this.abandoned.length > 0) {
      this.writeReleases(this.abandoned, RELEASED_UNSENT);
      this.abandoned = [];
    }
  }

  renewLeases(dispatches: readonly ClaimedDispatch[], leaseMs: number): readonly ClaimedDispatch[] {
    const leaseEndsTime = this.time.nowMs() + leaseMs;
    return this.database.write(() =>
      dispatches.filter((dispatch) => this.leases.renew(dispatch, leaseEndsTime)),
    );
  }

  reclaimExpired(): string[] {
    const timestamps = this.timestamps();
    const lapsed = this.database.read(() => this.leases.expired(timestamps.nowMs));
    if (lapsed.length > 0) {
      this.database.write(() => {
        this.time.persist();
        for (const dispatch of lapsed) {
          this.outcomes.release(dispatch, 'lapsed', RELEASED, timestamps);
        }
      });
      this.claimedParts.forget(lapsed);
    }
    return lapsed.map(({ dispatchId }) => dispatchId);
  }

  /**
   * Records the outcomes of dispatches. Returns false if a single one is not held any more.
   * @throws NotHeldError if one of several is not held any more; then nothing is recorded
   */
  private async settleTogether(settlements: readonly Settlement[], onWritten?: () => void): Promise<boolean> {
    const { database, outcomes, claimedParts } = this;
    const read = database.read(() => this.readSettled(settlements));
    const { writes } = database;
    const results = await outcomes.packResults(read);
    // an ingestion may be cancelled while its results are packed
    const isAsRead = database.writes === writes;
    const work = (): boolean => {
      this.time.persist();
      const settled = isAsRead ? read : this.readSettled(settlements);
      return outcomes.settle(settled, results, this.timestamps());
    };
    const { worked: isRecorded, isDurable } = database.writeGrouped(work, settlements.length === 1);
    claimedParts.forget(settlements.map(({ dispatch }) => dispatch));
    onWritten?.();
    if (!isDurable) {
      await database.untilDurable();
    }
    return isRecorded;
  }

  /** Reads the parts of dispatches; those of a known one only if an id of it returns to the queue, as its ingestion decides where. */
  private readSettled(settlements: readonly Settlement[]): SettledDispatch[] {
    return settlements.map(({ dispatch, outcomes }) => {
      const known = this.claimedParts.find(dispatch);
      const areFinal = outcomes.every(({ kind }) => kind === 'completed' || kind === 'failed');
      const parts = (areFinal ? known : undefined) ?? this.outcomes.partsOf(dispatch.dispatchNo);
      return { dispatch, isKnown: known !== undefined, parts, outcomes };
    });
  }

  private writeReleases(dispatches: readonly ClaimedDispatch[], change: Transition): readonly boolean[] {
    const isReleased = this.database.write(() => {
      this.time.persist();
      const timestamps = this.timestamps();
      return dispatches.map((dispatch) => this.outcomes.release(dispatch, 'released', change, timestamps));
    });
    this.claimedParts.forget(dispatches);
    return isReleased;
  }

  private timestamps(): Timestamps {
    return { nowMs: this.time.nowMs(), wallMs: this.runtime.wallMs() };
  }
}
