import type { Runtime } from '../../src/domain/runtime.js';
import type { QuietHours } from '../../src/domain/limits/quiet-hours.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import type { ClaimedDispatch, Dispatch, Outcome } from '../../src/domain/dispatch.js';
import type { ClaimResult } from '../../src/scheduler/queue/claim-result.js';
import type { FillTerms } from '../../src/scheduler/queue/fill.js';
import { PriorityQueue } from '../../src/scheduler/queue/priority-queue.js';
import type {
  QueueAdminRepository,
  QueuedIds,
} from '../../src/operations/queue-admin/queue-admin.repository.js';
import { selectPending } from '../../src/scheduler/queue/choose-dispatches.js';
import type {
  LaneSelection,
  PendingStreams,
  QueueRepository,
  Selection,
} from '../../src/scheduler/queue/queue.repository.js';
import type { LaneRules } from '../../src/scheduler/rules/lane-rules.js';
import type { SchedulerOptions } from '../../src/scheduler/scheduler.options.js';

/** The settings of one claim. */
export interface ClaimTerms {
  readonly lane: string;
  readonly batchSize: number;
  readonly delayMs: number;
  readonly leaseMs: number;
  readonly agingMs: number | null;
  readonly fairShare?: boolean;
  /** The rules of the lane. */
  readonly rules?: LaneRules;
  /** The version of the settings; 0 by default. */
  readonly settingsVersion?: number;
  /** The terms on which a short dispatch waits for more ids; without them it does not. */
  readonly fill?: FillTerms | undefined;
  /** The hours in which nothing is claimed. */
  readonly quietHours?: QuietHours;
  /** The most dispatches of the claim; 1 by default. */
  readonly maxDispatches?: number;
  /** The number of requests that a dispatch makes at most; 1 by default. */
  readonly callsPerDispatch?: number;
  /** True for an upstream that takes all ids of a dispatch in one request; false by default. */
  readonly sharesKey?: boolean;
}

/** The result of a claim of one dispatch, whose call may begin. */
export type SingleClaim =
  | { readonly kind: 'dispatch'; readonly dispatch: Dispatch }
  | { readonly kind: 'released'; readonly dispatchId: string }
  | Exclude<ClaimResult, { readonly kind: 'claimed' }>;

/** The part of a store that claims need. */
export interface ClaimedStore {
  readonly dispatches: QueueRepository;
}

/** The queue of a process, with other settings for each claim. */
export class TestQueue {
  private readonly policy = { leaseMs: 0, agingMs: null as number | null, fairShare: false };
  private readonly queue: PriorityQueue;

  constructor(repository: QueueRepository, runtime: Runtime) {
    this.queue = new PriorityQueue(repository, this.policy as SchedulerOptions, runtime);
  }

  /** Claims up to `maxDispatches` dispatches. */
  async claimMany(terms: ClaimTerms): Promise<ClaimResult> {
    const { lane: name, batchSize, delayMs: batchDelayMs, maxDispatches = 1 } = terms;
    const {
      leaseMs,
      agingMs,
      fairShare = false,
      rules = null,
      sharesKey = false,
      settingsVersion = 0,
      fill = null,
      quietHours = null,
      callsPerDispatch = 1,
    } = terms;
    Object.assign(this.policy, { leaseMs, agingMs, fairShare });
    return this.queue.claim({
      lane: {
        options: {
          name,
          batchSize,
          batchDelayMs,
          rules,
          settingsVersion,
          fill,
          quietHours,
          callsPerDispatch,
        },
        externalApi: { sharesKey },
      },
      maxDispatches,
    });
  }

  /** Claims one dispatch and waits until its call may begin. */
  async claim(terms: ClaimTerms): Promise<SingleClaim> {
    const result = await this.claimMany(terms);
    if (result.kind !== 'claimed') {
      return result;
    }
    const [dispatch] = result.dispatches;
    if (dispatch === undefined || result.dispatches.length > 1) {
      throw new Error(`${String(result.dispatches.length)} dispatches were claimed`);
    }
    return (await this.queue.awaitStart(dispatch))
      ? { kind: 'dispatch', dispatch }
      : { kind: 'released', dispatchId: dispatch.dispatchId };
  }

  awaitSendSlot(dispatch: ClaimedDispatch): Promise<boolean> {
    return this.queue.awaitSendSlot(dispatch);
  }

  recordSent(dispatch: ClaimedDispatch): void {
    this.queue.recordSent(dispatch);
  }

  recordEnd(dispatch: ClaimedDispatch, unsentIds: number): Promise<void> {
    return this.queue.recordEnd(dispatch, unsentIds);
  }
}

/** Terms without a limit, so that tests of other things need not advance the time. */
export const UNLIMITED: ClaimTerms = {
  lane: DEFAULT_LANE,
  batchSize: 3,
  delayMs: 0,
  leaseMs: 60_000,
  agingMs: null,
};

const queues = new WeakMap<QueueRepository, TestQueue>();

/** Claims one dispatch from a store whose process has this runtime. */
export function claimFrom(
  { dispatches }: ClaimedStore,
  terms: ClaimTerms,
  runtime: Runtime = new SystemRuntime(),
): Promise<SingleClaim> {
  return queueOf(dispatches, runtime).claim(terms);
}

/** Returns the queue of the process that uses this store. */
export function queueOf(dispatches: QueueRepository, runtime: Runtime): TestQueue {
  const queue = queues.get(dispatches) ?? new TestQueue(dispatches, runtime);
  queues.set(dispatches, queue);
  return queue;
}

export async function settleOne(
  { dispatches }: ClaimedStore,
  dispatch: ClaimedDispatch,
  outcomes: readonly Outcome[],
): Promise<boolean> {
  const [isRecorded] = await dispatches.settle([{ dispatch, outcomes }]);
  return isRecorded === true;
}

export async function releaseOne({ dispatches }: ClaimedStore, dispatch: ClaimedDispatch): Promise<boolean> {
  const [isReleased] = await dispatches.release([dispatch]);
  return isReleased === true;
}

/** Reads the heads of lanes. Returns what a claim of one dispatch takes from each, see {@link UNLIMITED}. */
export async function selectionsOf(
  { dispatches }: ClaimedStore,
  lanes: readonly string[],
): Promise<LaneSelection[]> {
  const terms = { ...UNLIMITED, maxIds: UNLIMITED.batchSize, listsPerClient: null, rules: null };
  const heads = await dispatches.readHeads(lanes.map((lane) => ({ ...terms, lane })));
  return heads.map(({ gate: { epoch }, ...pending }, i) => selectionOf(lanes[i] ?? '', epoch, pending));
}

/** Returns what a claim of one dispatch takes from the head of a lane that was read. */
export function selectionOf(lane: string, epoch: number, pending: PendingStreams): LaneSelection {
  const { batchSize, leaseMs } = UNLIMITED;
  return {
    lane,
    epoch,
    dispatches: [selectPending(pending, { maxIds: batchSize, agingMs: null })],
    calls: 1,
    slot: { sendWithinMs: 100, delayMs: 0 },
    batchSize,
    leaseMs,
    served: null,
    departures: null,
  };
}

/** Lists the next `maxIds` ids of a lane, in the order in which claims with these terms would take them. */
export function upcomingIn(
  { queue }: { readonly queue: QueueAdminRepository },
  { lane, agingMs, fairShare = false }: ClaimTerms,
  maxIds: number,
): Promise<QueuedIds[]> {
  const choose = (pending: PendingStreams): Selection[] => selectPending(pending, { maxIds, agingMs });
  return queue.upcoming({ lane, maxIds, isFairShare: fairShare, choose });
}
