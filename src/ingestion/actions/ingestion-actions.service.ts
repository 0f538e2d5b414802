import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { DispatchEvents } from '../../scheduler/dispatch/dispatch-events.js';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import { type ControlStep, ControlStore } from './ingestion-actions.repository.js';
import { IngestionFinishedError, UnknownIngestionError } from '../../domain/ingestion-errors.js';
import type { Priority } from '../../domain/priority.js';

/** Retries that one step moves: some milliseconds of work for the store. */
const RETRIES_A_STEP = 1000;

/**
 * Changes what becomes of ingestions.
 * @throws UnknownIngestionError, IngestionFinishedError or StoreUnavailableError; may then be asked for again.
 */
@Injectable()
export class ControlService {
  private readonly logger = new Logger('Control');

  constructor(
    private readonly store: ControlStore,
    private readonly news: DispatchEvents,
    private readonly laneRegistry: LaneRegistry,
  ) {}

  async cancel(ingestionId: string): Promise<void> {
    await this.takeAll(ingestionId, () => this.store.cancelSome(ingestionId, RETRIES_A_STEP));
    this.logger.log({ msg: `ingestion ${ingestionId} cancelled`, ingestion_id: ingestionId });
  }

  async reprioritise(ingestionId: string, priority: Priority): Promise<void> {
    await this.takeAll(ingestionId, () => this.store.reprioritiseSome(ingestionId, priority, RETRIES_A_STEP));
    this.logger.log({ msg: `ingestion ${ingestionId} moved to ${priority}`, ingestion_id: ingestionId });
  }

  private async takeAll(ingestionId: string, take: () => Promise<ControlStep>): Promise<void> {
    let step: ControlStep;
    do {
      step = await take();
      await nextTurn(); // an embedded store never makes it wait
    } while (step === 'more');
    if (step === 'unknown') {
      throw new UnknownIngestionError(ingestionId);
    }
    if (step === 'over') {
      throw new IngestionFinishedError();
    }
    this.news.emitChanged([ingestionId.toLowerCase()]);
    this.laneRegistry.notifyArrival();
  }
}
