import { sizeOf, type Dispatch } from '../../src/domain/dispatch.js';
import type { SchedulerOptions } from '../../src/scheduler/scheduler.options.js';
import { expectedOrder } from './expected-order.js';
import type { KnownList, Ledger } from './ledger.js';
import type { StoreRows } from './store-rows.js';
import type { World } from './world.js';

interface ClaimCheckParts {
  readonly world: World;
  readonly ledger: Ledger;
  readonly scheduler: SchedulerOptions;
  readonly rows: (() => StoreRows) | null;
}

/** The ids that one claim in a lane may take, as of the moment before its commit. */
export class ClaimCheck {
  /** Every eligible id, in the order in which they must go; null where that cannot be known. */
  private readonly expected: readonly string[] | null;
  private readonly cancelled: ReadonlySet<KnownList>;
  private readonly whyNot: readonly [string, string] | null;

  /** The claim has read the head of its queue at `readAtMs` of store time. */
  constructor(
    private readonly lane: string,
    readAtMs: number,
    private readonly parts: ClaimCheckParts,
  ) {
    this.expected = parts.rows === null ? null : this.expectedAt(readAtMs, parts.rows());
    this.whyNot = this.reasonAgainst();
    this.cancelled = new Set(parts.ledger.lists.filter(({ isCancelTold }) => isCancelTold));
  }

  private expectedAt(nowMs: number, rows: StoreRows): readonly string[] {
    const { lane } = this;
    const laneNo = rows.gates().find((gate) => gate.lane === lane)?.laneNo ?? 0;
    const { agingMs } = this.parts.scheduler;
    const lists = rows.lists();
    const names = new Map(lists.map(({ seq, ingestionId }) => [seq, ingestionId]));
    return expectedOrder(lists, rows.retries(), { laneNo, agingMs, nowMs }).map(
      ({ seq, position }) => `${String(names.get(seq))} ${String(position)}`,
    );
  }

  /** Compares the claim that was committed with what it may take. */
  compare(dispatches: readonly Dispatch[], batchSize: number): void {
    const { lane, expected } = this;
    const { world, ledger } = this.parts;
    if (this.whyNot !== null) {
      world.fail(...this.whyNot);
    }
    this.compareCancelled(dispatches);
    const claimed = dispatches.flatMap(({ parts }) =>
      parts.flatMap(({ ingestionId, first, size }) =>
        Array.from({ length: size }, (_, i) => `${ingestionId} ${String(first + i)}`),
      ),
    );
    ledger.counts.claims += 1;
    ledger.lastClaimMs.set(lane, world.nowMs);
    world.tell(
      `claims ${lane} ${dispatches.map((each) => `${each.dispatchId.slice(-6)}:${String(sizeOf(each))}`).join(' ')}`,
    );
    if (expected !== null) {
      this.compareOrder(claimed, expected);
      this.compareSizes(dispatches, batchSize, claimed.length === expected.length);
    }
  }

  private compareOrder(claimed: readonly string[], expected: readonly string[]): void {
    const wrong = claimed.findIndex((id, i) => id !== expected[i]);
    if (wrong !== -1) {
      this.parts.world.fail(
        'strict order',
        `${String(claimed[wrong])} is claimed where ${String(expected[wrong])} is next in ${this.lane}`,
      );
    }
  }

  private compareSizes(dispatches: readonly Dispatch[], batchSize: number, isAll: boolean): void {
    const { lane } = this;
    const hasRules = this.parts.scheduler.lanes.find(({ name }) => name === lane)?.rules !== null;
    dispatches.forEach((dispatch, i) => {
      const isLast = i === dispatches.length - 1;
      const mayBeShort = isLast && (hasRules || isAll);
      if (sizeOf(dispatch) !== batchSize && !mayBeShort) {
        this.parts.world.fail(
          'never idle',
          `a dispatch of ${String(sizeOf(dispatch))} ids in ${lane}, and more are eligible`,
        );
      }
    });
  }

  /** Returns the promise that a claim in this lane would break now, and how; null if it breaks none. */
  private reasonAgainst(): readonly [string, string] | null {
    const { lane } = this;
    const { world, ledger } = this.parts;
    if (ledger.pausedLanes.has(lane)) {
      return ['strict order', `a claim in ${lane}, which is paused`];
    }
    return (ledger.heldUntilMs.get(lane) ?? 0) > world.nowMs + 1
      ? ['never too fast', `a claim in ${lane}, which the upstream holds`]
      : null;
  }

  private compareCancelled(dispatches: readonly Dispatch[]): void {
    for (const { ingestionId } of dispatches.flatMap(({ parts }) => parts)) {
      const list = this.parts.ledger.byIngestion.get(ingestionId);
      if (list?.isCancelTold === true && this.cancelled.has(list)) {
        this.parts.world.fail('ends once', `ids of ${list.name} are claimed, which was cancelled`);
      }
    }
  }
}
