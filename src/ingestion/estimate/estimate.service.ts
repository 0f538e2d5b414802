import { Injectable } from '@nestjs/common';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import { Clock } from '../../domain/clock.js';
import type { IngestionRecord } from '../../domain/ingestion.js';
import type { Priority } from '../../domain/priority.js';
import { computeProgress } from '../../domain/progress.js';
import { estimate } from './estimate.js';
import { lanePaceMs } from './lane-interval.js';
import { OutlookStore, type QueuePlace } from './queue-position.repository.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';

/** What an ingestion has to expect. */
export interface Outlook {
  /** Ids that go before its next one that was never sent; 0 where there is none. */
  readonly idsAhead: number;
  /** Wall times, to the second. Null where nothing can be told. */
  readonly startAtMs: number | null;
  readonly completionAtMs: number | null;
}

/** Of the ingestion itself. */
interface Own {
  readonly seq: number | null;
  readonly unsent: number;
  readonly underWay: number;
  readonly changedAtMs: number;
}

const NOTHING_MORE: Outlook = { idsAhead: 0, startAtMs: null, completionAtMs: null };

/** Tells when ids will go, at the same cost whatever waits. Every method throws `StoreUnavailableError`. */
@Injectable()
export class OutlookService {
  constructor(
    private readonly store: OutlookStore,
    private readonly laneRegistry: LaneRegistry,
    private readonly clock: Clock,
    private readonly options: SchedulerOptions,
  ) {}

  async of(head: IngestionRecord): Promise<Outlook> {
    const { yetToStart, inFlight } = computeProgress(head);
    if (yetToStart + inFlight === 0) {
      return NOTHING_MORE;
    }
    return this.look(head.lane, head.priority, {
      seq: head.seq,
      unsent: yetToStart,
      underWay: inFlight,
      changedAtMs: head.updatedAtMs,
    });
  }

  /** Of a list that would be accepted now. */
  ofNew(lane: string, priority: Priority, ids: number): Promise<Outlook> {
    return this.look(lane, priority, { seq: null, unsent: ids, underWay: 0, changedAtMs: 0 });
  }

  /** Where clients take turns, any other id of the priority may go before: it is the last that it can be. */
  private async placeOf(lane: string, priority: Priority, own: Own): Promise<QueuePlace> {
    if (!this.options.fairShare) {
      return this.store.placeOf(lane, priority, own.seq);
    }
    const end = await this.store.placeOf(lane, priority, null);
    return own.seq === null ? end : { ...end, waitingAhead: Math.max(0, end.waitingAhead - own.unsent) };
  }

  private async look(lane: string, priority: Priority, own: Own): Promise<Outlook> {
    const place = await this.placeOf(lane, priority, own);
    const idsAhead = own.unsent === 0 ? 0 : place.waitingAhead + place.retriesAhead;
    const gate = this.laneRegistry.get(lane);
    const { callMs, retryShare } = gate.callStatistics;
    const { batchSize, batchDelayMs: delayMs } = gate.options;
    const paceMs = lanePaceMs(gate);
    if (place.pausedAtMs !== null || paceMs === null) {
      return { idsAhead, startAtMs: null, completionAtMs: null };
    }
    const slotOpensInMs = Math.max(0, delayMs - place.slotTakenMsAgo, place.heldForMs);
    const { startAtMs, completionAtMs } = estimate({
      nowMs: this.clock.wallMs(),
      slotOpensInMs,
      batchSize,
      paceMs,
      callMs,
      retryShare,
      idsAhead,
      unsent: own.unsent,
      underWay: own.underWay,
      changedAtMs: own.changedAtMs,
    });
    return { idsAhead, startAtMs: toSecond(startAtMs), completionAtMs: toSecond(completionAtMs) };
  }
}

/** What is known no better than that, and an answer that changes no more often. */
function toSecond(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 1000) * 1000;
}
