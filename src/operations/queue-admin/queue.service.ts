import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../domain/clock.js';
import type { HeldBy } from '../../domain/held-by.js';
import { PRIORITIES, toRank, type Priority, type PriorityRank } from '../../domain/priority.js';
import { MINUTE_MS } from '../../platform/config/units.js';
import { AuditTrail } from '../../platform/telemetry/audit-trail.js';
import type { CircuitBreakerStatus } from '../../scheduler/lanes/circuit-breaker.js';
import { PriorityQueue } from '../../scheduler/queue/priority-queue.js';
import type { Lane } from '../../scheduler/lanes/lane.js';
import { LaneForecast } from '../../scheduler/dispatch/lane-forecast.js';
import { LaneHolds, type LaneOpening } from '../../scheduler/dispatch/lane-holds.js';
import { openSlotMs, toOpenTime } from '../../scheduler/lanes/open-time.js';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';
import { LaneMonitor } from './lane-monitor.js';
import { toLaneState, type LaneState } from './lane-state.js';
import {
  QueueAdminRepository,
  toLaneFacts,
  type LaneError,
  type QueueStats,
} from './queue-admin.repository.js';

/** The utilization covers this many slots, but at most one minute. */
const MAX_SLOTS_CHECKED = 100;
const UTILIZATION_WINDOW_MS = MINUTE_MS;

/** More dispatches of the last minute are not counted. */
export const MAX_DISPATCHES_COUNTED = 10_000;

/** The recent activity of a lane. */
export interface LaneActivity {
  /** The dispatches that started in the last minute, at most {@link MAX_DISPATCHES_COUNTED}. */
  readonly dispatchesLastMinute: number;
  /** The age of the oldest ingestion that has ids never sent, in ms; null if there is none. */
  readonly oldestPendingMs: number | null;
  /** The newest error that is stored, or that a call of this process had; the latter may count as no attempt. */
  readonly lastError: LaneError | null;
}

export interface Pace {
  readonly batchSize: number;
  readonly delayMs: number;
  /** The limits of the lane for people; empty without `LIMITS`. */
  readonly limits: readonly string[];
  /** The share of recent slots that were used, from 0 to 1; null without a rate limit. */
  readonly slotUtilization: number | null;
}

/** The settings that order ids, in addition to their priorities. */
export type RequiredOrderPolicy = Pick<SchedulerOptions, 'agingMs' | 'fairShare'>;

/** The complete state of a lane. */
export interface QueueState extends QueueStats {
  readonly pace: Pace;
  readonly order: RequiredOrderPolicy;
  /** The breaker of this process; each replica has its own. */
  readonly breaker: CircuitBreakerStatus;
  readonly state: LaneState;
  /** The cause for which nothing is sent now; null if the next dispatch may go. */
  readonly heldBy: HeldBy | null;
  /** See `LaneMonitor`. */
  readonly unwellSinceMs: number | null;
  /** The time until the next dispatch may start, in ms; null while the lane is paused. */
  readonly slotOpensInMs: number | null;
  /**
   * The estimated time until all ids pending now are sent, in ms, if nothing more arrives and nothing fails;
   * null if that is not known: while the lane is paused, while the upstream fails, and without a pace.
   */
  readonly drainedInMs: number | null;
}

/** Shows, pauses and resumes the queue. Every method throws StoreUnavailableError. */
@Injectable()
export class QueueService {
  private readonly logger = new Logger('Queue');
  private readonly order: RequiredOrderPolicy;

  constructor(
    private readonly store: QueueAdminRepository,
    private readonly laneRegistry: LaneRegistry,
    private readonly queue: PriorityQueue,
    private readonly holds: LaneHolds,
    private readonly forecast: LaneForecast,
    private readonly monitor: LaneMonitor,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    { agingMs, fairShare }: SchedulerOptions,
  ) {
    this.order = { agingMs, fairShare };
  }

  /** Names of all configured lanes, the default lane first. */
  get names(): readonly string[] {
    return this.laneRegistry.names;
  }

  /** Resolves with the state of each lane, by name. */
  async states(): Promise<ReadonlyMap<string, QueueState>> {
    const states = new Map<string, QueueState>();
    for (const lane of this.laneRegistry.lanes) {
      states.set(lane.name, await this.stateFor(lane));
    }
    return states;
  }

  /** Resolves with what each lane did lately, by name. */
  async activities(): Promise<ReadonlyMap<string, LaneActivity>> {
    const activities = new Map<string, LaneActivity>();
    for (const { name: lane, lastError } of this.laneRegistry.lanes) {
      activities.set(lane, {
        dispatchesLastMinute: await this.store.countDispatchesSince(lane, MINUTE_MS, MAX_DISPATCHES_COUNTED),
        oldestPendingMs: oldestOf(await this.store.oldestPendingAgeMs(lane)),
        lastError: newestOf(lastError.value, await this.store.lastError(lane)),
      });
    }
    return activities;
  }

  /** Pauses a lane; all lanes if none is named. */
  async pause(lane?: string): Promise<void> {
    for (const name of lane === undefined ? this.names : [lane]) {
      await this.store.pause(name, this.audit.entry('pause_lane'));
      this.logger.warn(`lane ${name} paused: nothing is dispatched until it is resumed`);
    }
  }

  /** Resumes a lane; all lanes if none is named. */
  async resume(lane?: string): Promise<void> {
    for (const name of lane === undefined ? this.names : [lane]) {
      await this.store.resume(name, this.audit.entry('resume_lane'));
      this.logger.log(`lane ${name} resumed`);
      this.queue.notifyArrival(this.laneRegistry.get(name));
    }
  }

  async stateFor(lane: Lane): Promise<QueueState> {
    const { options } = lane;
    const survey = await this.store.stats(options.name);
    const { batchSize, batchDelayMs: delayMs } = options;
    const slotUtilization = await this.slotUtilization(options.name, delayMs);
    const pace = { batchSize, delayMs, limits: options.rules?.names ?? [], slotUtilization };
    const breaker = lane.breaker.status();
    const { heldBy, opensInMs, reading } = await this.holds.openingOf(lane, toLaneFacts(survey));
    const slotOpensInMs = survey.pausedAtMs === null ? opensInMs : null;
    const drainedInMs = await this.timeToDrainMs(lane, survey, { slotOpensInMs, reading });
    const state = toLaneState(heldBy, breaker, this.clock.wallMs());
    const unwellSinceMs = this.monitor.unwellSinceMs(options.name);
    return {
      ...survey,
      pace,
      order: this.order,
      breaker,
      state,
      heldBy,
      unwellSinceMs,
      slotOpensInMs,
      drainedInMs,
    };
  }

  private async slotUtilization(lane: string, delayMs: number): Promise<number | null> {
    if (delayMs === 0) {
      return null;
    }
    const slots = Math.min(MAX_SLOTS_CHECKED, Math.max(1, Math.floor(UTILIZATION_WINDOW_MS / delayMs)));
    return (await this.store.countDispatchesSince(lane, slots * delayMs, slots)) / slots;
  }

  /** Returns null where nobody knows: while the lane is paused, and while the upstream fails. */
  private async timeToDrainMs(
    lane: Lane,
    { pending, pendingRetries, heldForMs }: QueueStats,
    { slotOpensInMs, reading }: { slotOpensInMs: number | null } & Pick<LaneOpening, 'reading'>,
  ): Promise<number | null> {
    const ids = pending.HIGH + pending.MEDIUM + pending.LOW + pendingRetries;
    if (slotOpensInMs === null || ids === 0) {
      return slotOpensInMs === null ? null : 0;
    }
    if (lane.breaker.status().state !== 'closed') {
      return null;
    }
    const { rules, batchSize, batchDelayMs } = lane.options;
    const nowMs = this.clock.wallMs();
    if (rules === null) {
      const openMs = openSlotMs(lane.options, slotOpensInMs, nowMs);
      const drainedAtMs = nowMs + openMs + (Math.ceil(ids / batchSize) - 1) * batchDelayMs;
      return toOpenTime(lane.options, nowMs)(drainedAtMs) - nowMs;
    }
    const terms = { rank: lowestRank(pending), heldForMs, reading };
    const [drainedAtMs] = (await this.forecast.departuresAt(lane, [ids], terms)) ?? [];
    const toOpen = toOpenTime(lane.options, nowMs, rules.calendars.length > 0);
    return drainedAtMs === undefined ? null : Math.max(0, toOpen(drainedAtMs) - nowMs);
  }
}

function newestOf(a: LaneError | null, b: LaneError | null): LaneError | null {
  return a === null || (b !== null && b.atMs > a.atMs) ? b : a;
}

function oldestOf(agesMs: Readonly<Record<Priority, number | null>>): number | null {
  const known = Object.values(agesMs).filter((ageMs) => ageMs !== null);
  return known.length === 0 ? null : Math.max(0, ...known);
}

/** Returns the lowest priority that is pending: what is reserved for others holds it the longest. */
function lowestRank(pending: QueueStats['pending']): PriorityRank {
  return toRank(PRIORITIES.findLast((priority) => pending[priority] > 0) ?? 'HIGH');
}
