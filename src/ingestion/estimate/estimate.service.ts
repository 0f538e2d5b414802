import { Injectable } from '@nestjs/common';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import { Clock } from '../../domain/clock.js';
import type { IngestionRecord } from '../../domain/ingestion.js';
import type { Priority } from '../../domain/priority.js';
import { computeProgress } from '../../domain/progress.js';
import { estimate } from './estimate.js';
import { expectedIntervalMs } from './lane-interval.js';
import { IngestionRepository, type QueuePosition } from '../ingestion.repository.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';

/** The estimated progress of an ingestion. */
export interface IngestionEstimate {
  /** Ids that will be sent before the ingestion's next id that was never sent; 0 if it has no such id. */
  readonly idsAhead: number;
  /** Wall times in ms, rounded to seconds. Null if no estimate is possible. */
  readonly startAtMs: number | null;
  readonly completionAtMs: number | null;
}

/** The counts of the ingestion itself. */
interface EstimateSubject {
  readonly seq: number | null;
  readonly unsent: number;
  readonly inFlight: number;
  readonly changedAtMs: number;
}

const NO_ESTIMATE: IngestionEstimate = { idsAhead: 0, startAtMs: null, completionAtMs: null };

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
  ) {}

  async forIngestion(head: IngestionRecord): Promise<IngestionEstimate> {
    const { yetToStart, inFlight } = computeProgress(head);
    if (yetToStart + inFlight === 0) {
      return NO_ESTIMATE;
    }
    return this.estimateFor(head.lane, head.priority, {
      seq: head.seq,
      unsent: yetToStart,
      inFlight,
      changedAtMs: head.updatedAtMs,
    });
  }

  /** Estimates for an ingestion that would be accepted now. */
  forNew(lane: string, priority: Priority, ids: number): Promise<IngestionEstimate> {
    return this.estimateFor(lane, priority, { seq: null, unsent: ids, inFlight: 0, changedAtMs: 0 });
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
    const { callMs, retryShare } = gate.callStatistics;
    const { batchSize, batchDelayMs: delayMs } = gate.options;
    const intervalMs = expectedIntervalMs(gate);
    if (place.pausedAtMs !== null || intervalMs === null) {
      return { idsAhead, startAtMs: null, completionAtMs: null };
    }
    const slotOpensInMs = Math.max(0, delayMs - place.slotTakenMsAgo, place.heldForMs);
    const { startAtMs, completionAtMs } = estimate({
      nowMs: this.clock.wallMs(),
      slotOpensInMs,
      batchSize,
      intervalMs,
      callMs,
      retryShare,
      idsAhead,
      unsentIds: estimateSubject.unsent,
      inFlightIds: estimateSubject.inFlight,
      changedAtMs: estimateSubject.changedAtMs,
    });
    return { idsAhead, startAtMs: toSecond(startAtMs), completionAtMs: toSecond(completionAtMs) };
  }
}

/** Rounds to whole seconds: the estimate is no more precise, and the ETag changes at most once a second. */
function toSecond(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 1000) * 1000;
}
