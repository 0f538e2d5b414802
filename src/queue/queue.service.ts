import { Injectable, Logger } from '@nestjs/common';
import { DEFAULT_LANE } from '../ingestion/lane.js';
import type { Breaker, BreakerReport } from '../scheduler/breaker.js';
import type { PriorityQueue } from '../scheduler/priority-queue.js';
import type { QueueStore, QueueSurvey } from './queue.store.js';

export interface Pace {
  readonly batchSize: number;
  readonly delayMs: number;
}

/** How the gate stands. */
export interface QueueState extends QueueSurvey {
  readonly pace: Pace;
  /** Of this process; each has its own. */
  readonly breaker: BreakerReport;
  /** Until the next dispatch may begin; null while the gate is paused. */
  readonly slotOpensInMs: number | null;
  /** Until the last id that waits now has been sent, were nothing more to come and none to fail; null while paused. */
  readonly emptyInMs: number | null;
}

/** Shows the queue, stops and opens the gate. Every method throws StoreUnavailableError. */
@Injectable()
export class QueueService {
  private readonly logger = new Logger('Queue');

  constructor(
    private readonly store: QueueStore,
    private readonly queue: PriorityQueue,
    private readonly breaker: Breaker,
    private readonly pace: Pace,
  ) {}

  async state(): Promise<QueueState> {
    const survey = await this.store.survey(DEFAULT_LANE);
    const breaker = this.breaker.report();
    const { pausedAtMs, slotTakenMsAgo, heldForMs } = survey;
    const opensInMs = Math.max(0, this.pace.delayMs - slotTakenMsAgo, heldForMs, breaker.probeInMs ?? 0);
    const slotOpensInMs = pausedAtMs === null ? opensInMs : null;
    const emptyInMs = this.emptyInMs(survey, slotOpensInMs);
    return { ...survey, pace: this.pace, breaker, slotOpensInMs, emptyInMs };
  }

  async pause(): Promise<QueueState> {
    await this.store.pause(DEFAULT_LANE);
    this.logger.warn('paused: nothing is dispatched until it is resumed');
    return this.state();
  }

  async resume(): Promise<QueueState> {
    await this.store.resume(DEFAULT_LANE);
    this.logger.log('resumed');
    this.queue.announce();
    return this.state();
  }

  private emptyInMs({ waiting, retriesWaiting }: QueueSurvey, slotOpensInMs: number | null): number | null {
    const ids = waiting.HIGH + waiting.MEDIUM + waiting.LOW + retriesWaiting;
    const dispatches = Math.ceil(ids / this.pace.batchSize);
    if (slotOpensInMs === null || dispatches === 0) {
      return slotOpensInMs === null ? null : 0;
    }
    return slotOpensInMs + (dispatches - 1) * this.pace.delayMs;
  }
}
