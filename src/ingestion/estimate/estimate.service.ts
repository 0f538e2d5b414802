import { Injectable } from '@nestjs/common';
import { LaneForecast } from '../../scheduler/dispatch/lane-forecast.js';
import { LaneHolds, type LaneOpening } from '../../scheduler/dispatch/lane-holds.js';
import { openSlotMs, toOpenTime } from '../../scheduler/lanes/open-time.js';
import type { Lane } from '../../scheduler/lanes/lane.js';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import { Clock } from '../../domain/clock.js';
import type { HeldBy } from '../../domain/held-by.js';
import { toWallMs } from '../../domain/given-time.js';
import type { IngestionFields, IngestionRecord } from '../../domain/ingestion.js';
import { toRank, type Priority, type PriorityRank } from '../../domain/priority.js';
import { computeProgress } from '../../domain/progress.js';
import {
  estimate,
  estimateFromDepartures,
  placesOf,
  type Estimate,
  type UnknownEstimate,
} from './estimate.js';
import { expectedIntervalMs } from './lane-interval.js';
import { startingFrom, untilExpiry, type ListTimes } from './list-times.js';
import { IngestionRepository, type QueuePosition } from '../ingestion.repository.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';

/** The estimated progress of an ingestion. */
export interface IngestionEstimate {
  /** Ids that will be sent before the ingestion's next id that was never sent; 0 if it has no such id. */
  readonly idsAhead: number;
  /** Wall times in ms, rounded to seconds. Null if no estimate is possible. */
  readonly startAtMs: number | null;
  readonly completionAtMs: number | null;
  /** The reason why `completionAtMs` is null; null if it is known, or if every id has its outcome. */
  readonly unknownBecause: UnknownEstimate | null;
  /** The cause for which the lane sends none of its ids now; null if it sends them, or if no id of it is pending. */
  readonly heldBy: HeldBy | null;
}

/** The counts of the ingestion itself. */
interface EstimateSubject {
  readonly seq: number | null;
  readonly unsent: number;
  readonly inFlight: number;
  readonly changedAtMs: number;
}

const NO_ESTIMATE: IngestionEstimate = {
  idsAhead: 0,
  startAtMs: null,
  completionAtMs: null,
  unknownBecause: null,
  heldBy: null,
};
/** These hold retries too; other causes say nothing of a list whose ids were all sent. */
const HOLDS_RETRIES: ReadonlySet<HeldBy['kind']> = new Set(['paused', 'upstream', 'breaker']);

/**
 * Estimates when ids will be sent. Its cost does not grow with the number of pending ids. Every method throws
 * `StoreUnavailableError`.
 */
@Injectable()
export class EstimateService {
  constructor(
    private readonly repository: IngestionRepository,
    private readonly laneRegistry: LaneRegistry,
    private readonly clock: Clock,
    private readonly options: SchedulerOptions,
    private readonly holds: LaneHolds,
    private readonly forecast: LaneForecast,
  ) {}

  async forIngestion(head: IngestionRecord): Promise<IngestionEstimate> {
    const { yetToStart, inFlight } = computeProgress(head);
    if (yetToStart + inFlight === 0) {
      return NO_ESTIMATE;
    }
    const times = { dueAtMs: head.notBeforeMs, expiresAtMs: head.expiresAtMs };
    if (head.isScheduled) {
      return this.forScheduled(head.lane, head.priority, head.total, times);
    }
    const estimated = await this.estimateFor(head.lane, head.priority, {
      seq: head.seq,
      unsent: yetToStart,
      inFlight,
      changedAtMs: head.updatedAtMs,
    });
    return this.inTime(estimated, times);
  }

  /** Estimates for an ingestion that would be accepted now. */
  forNew(
    lane: string,
    priority: Priority,
    ids: number,
    { notBefore, expiresAt }: Pick<IngestionFields, 'notBefore' | 'expiresAt'>,
  ): Promise<IngestionEstimate> {
    const nowMs = this.clock.wallMs();
    const times = { dueAtMs: toWallMs(notBefore, nowMs), expiresAtMs: toWallMs(expiresAt, nowMs) };
    return this.forScheduled(lane, priority, ids, times);
  }

  private async forScheduled(
    lane: string,
    priority: Priority,
    ids: number,
    times: ListTimes,
  ): Promise<IngestionEstimate> {
    const subject = { seq: null, unsent: ids, inFlight: 0, changedAtMs: 0 };
    const estimated = await this.estimateFor(lane, priority, subject);
    return this.inTime(startingFrom(estimated, times, this.laneRegistry.get(lane).options), times);
  }

  private inTime(estimated: IngestionEstimate, times: ListTimes): IngestionEstimate {
    const { startAtMs, completionAtMs, ...rest } = untilExpiry(estimated, times, this.clock.wallMs());
    return { ...rest, startAtMs: toSecond(startAtMs), completionAtMs: toSecond(completionAtMs) };
  }

  /**
   * Returns the position of the ingestion in the queue. With fair share any other id of the priority may be sent first,
   * so this is the last possible position.
   */
  private async positionOf(
    lane: string,
    priority: Priority,
    estimateSubject: EstimateSubject,
  ): Promise<QueuePosition> {
    if (!this.options.fairShare) {
      return this.repository.positionOf(lane, priority, estimateSubject.seq);
    }
    const end = await this.repository.positionOf(lane, priority, null);
    return estimateSubject.seq === null
      ? end
      : { ...end, pendingAhead: Math.max(0, end.pendingAhead - estimateSubject.unsent) };
  }

  private async estimateFor(
    lane: string,
    priority: Priority,
    estimateSubject: EstimateSubject,
  ): Promise<IngestionEstimate> {
    const place = await this.positionOf(lane, priority, estimateSubject);
    const idsAhead = estimateSubject.unsent === 0 ? 0 : place.pendingAhead + place.retriesAhead;
    const gate = this.laneRegistry.get(lane);
    const { heldBy, opensInMs, reading } = await this.holds.openingOf(gate, {
      ...place,
      readyIds: estimateSubject.unsent === 0 ? 0 : place.pendingAhead + estimateSubject.unsent,
      readyRank: toRank(priority), // the ids ahead may have a higher one, and go by a reserve that this list has not
      laterRetries: 0,
    });
    const isHeld = heldBy !== null && (estimateSubject.unsent > 0 || HOLDS_RETRIES.has(heldBy.kind));
    const known = await this.timesFor(gate, { ...estimateSubject, idsAhead, rank: toRank(priority) }, place, {
      opensInMs,
      reading,
    });
    const { startAtMs, completionAtMs } = typeof known === 'string' ? NO_ESTIMATE : known;
    const late = completionAtMs === null ? 'late_call' : null;
    return {
      idsAhead,
      startAtMs,
      completionAtMs,
      unknownBecause: typeof known === 'string' ? known : late,
      heldBy: isHeld ? heldBy : null,
    };
  }

  /** Returns the expected times, or the reason why there are none. */
  private async timesFor(
    lane: Lane,
    {
      unsent: unsentIds,
      inFlight: inFlightIds,
      changedAtMs,
      idsAhead,
      rank,
    }: EstimateSubject & { readonly idsAhead: number; readonly rank: PriorityRank },
    { pausedAtMs, heldForMs }: QueuePosition,
    { opensInMs: slotOpensInMs, reading }: Pick<LaneOpening, 'opensInMs' | 'reading'>,
  ): Promise<Estimate | UnknownEstimate> {
    if (pausedAtMs !== null) {
      return 'paused';
    }
    if (lane.breaker.status().state !== 'closed') {
      return 'upstream_fails';
    }
    const { callMs, retryShare } = lane.callStatistics;
    const load = {
      nowMs: this.clock.wallMs(),
      callMs,
      retryShare,
      idsAhead,
      unsentIds,
      inFlightIds,
      changedAtMs,
    };
    if (lane.options.rules !== null) {
      const departures = await this.forecast.departuresAt(lane, placesOf(load), {
        rank,
        heldForMs,
        reading,
      });
      const isQuota = lane.options.rules.calendars.length > 0;
      return departures === null
        ? 'no_pace'
        : estimateFromDepartures(load, departures.map(toOpenTime(lane.options, load.nowMs, isQuota)));
    }
    const intervalMs = expectedIntervalMs(lane);
    const { batchSize } = lane.options;
    return intervalMs === null
      ? 'no_pace'
      : estimate(
          {
            ...load,
            slotOpensInMs: openSlotMs(lane.options, slotOpensInMs, load.nowMs),
            batchSize,
            intervalMs,
          },
          toOpenTime(lane.options, load.nowMs),
        );
  }
}

/** Rounds to whole seconds: the estimate is no more precise, and the ETag changes at most once a second. */
function toSecond(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 1000) * 1000;
}
