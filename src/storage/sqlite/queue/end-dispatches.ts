import { parse, stringify } from 'uuid';
import type { ClaimedDispatch } from '../../../domain/dispatch.js';
import { RELEASED, RELEASED_UNSENT, type Transition } from '../../../domain/outcome-transition.js';
import type { Runtime } from '../../../domain/runtime.js';
import type { Settlement } from '../../../scheduler/queue/queue.repository.js';
import type { SqliteDatabase } from '../database/database.js';
import type { StoreClock } from '../database/store-clock.js';
import type { ClaimedParts } from './claimed-parts.js';
import { DispatchLeases } from './dispatch-leases.js';
import { OutcomeWriter, type HeldDispatch } from './settle.js';
import { IngestionTotals, type PartRow, type Timestamps } from './write-transitions.js';

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
    private readonly claimedParts: ClaimedParts,
  ) {
    this.outcomes = new OutcomeWriter(database);
    this.leases = new DispatchLeases(database);
    this.leases.expireAll(time.nowMs());
  }

  async settle(settlements: readonly Settlement[]): Promise<readonly boolean[]> {
    const known = this.database.read(() => settlements.map((settlement) => this.partsOf(settlement)));
    const { writes } = this.database;
    const results = await Promise.all(
      settlements.map(({ outcomes }, i) => this.outcomes.packResults(known[i] ?? [], outcomes)),
    );
    // an ingestion may be cancelled while its results are packed
    const isAsRead = this.database.writes === writes;
    const isAlone = this.database.isDurable && settlements.length === 1;
    const work = (): boolean[] => {
      this.time.persist();
      const timestamps = this.timestamps();
      const totals = new IngestionTotals();
      const isRecorded = settlements.map((settlement, i) => {
        const { dispatch, outcomes } = settlement;
        const parts = (isAsRead ? known[i] : undefined) ?? this.partsOf(settlement);
        const settled = { parts, outcomes, results: results[i] ?? [] };
        return this.outcomes.settle(toHeld(dispatch), settled, timestamps, totals);
      });
      this.outcomes.count(totals, timestamps);
      return isRecorded;
    };
    const recorded = this.database.writeGrouped(work, isAlone);
    this.claimedParts.forget(settlements.map(({ dispatch }) => dispatch));
    if (!isAlone) {
      await this.database.untilDurable();
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
      dispatches.filter((dispatch) => this.leases.renew(toHeld(dispatch), leaseEndsTime)),
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
    return lapsed.map(({ dispatchId }) => stringify(dispatchId));
  }

  private writeReleases(dispatches: readonly ClaimedDispatch[], change: Transition): readonly boolean[] {
    const isReleased = this.database.write(() => {
      this.time.persist();
      const timestamps = this.timestamps();
      return dispatches.map((dispatch) =>
        this.outcomes.release(toHeld(dispatch), 'released', change, timestamps),
      );
    });
    this.claimedParts.forget(dispatches);
    return isReleased;
  }

  /** Returns the parts of a dispatch that is settled. */
  private partsOf({ dispatch: { dispatchNo }, outcomes }: Settlement): readonly PartRow[] {
    return this.claimedParts.find(dispatchNo, outcomes) ?? this.outcomes.partsOf(dispatchNo);
  }

  private timestamps(): Timestamps {
    return { nowMs: this.time.nowMs(), wallMs: this.runtime.wallMs() };
  }
}

function toHeld({ dispatchNo, dispatchId }: ClaimedDispatch): HeldDispatch {
  return { dispatchNo, dispatchId: parse(dispatchId) };
}
