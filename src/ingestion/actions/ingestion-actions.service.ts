import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { DispatchEvents } from '../../scheduler/dispatch/dispatch-events.js';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import { type StepResult, IngestionActionsRepository } from './ingestion-actions.repository.js';
import { IngestionFinishedError, UnknownIngestionError } from '../../domain/ingestion-errors.js';
import type { Priority } from '../../domain/priority.js';

/** Retries that one step moves: some milliseconds of work for the store. */
const RETRIES_PER_STEP = 1000;

/**
 * Changes what becomes of ingestions.
 * @throws UnknownIngestionError, IngestionFinishedError or StoreUnavailableError; may then be asked for again.
 */
@Injectable()
export class IngestionActionsService {
  private readonly logger = new Logger('Control');

  constructor(
    private readonly store: IngestionActionsRepository,
    private readonly events: DispatchEvents,
    private readonly laneRegistry: LaneRegistry,
  ) {}

  async cancel(ingestionId: string): Promise<void> {
    await this.runSteps(ingestionId, () => this.store.cancelStep(ingestionId, RETRIES_PER_STEP));
    this.logger.log({ msg: `ingestion ${ingestionId} cancelled`, ingestion_id: ingestionId });
  }

  async reprioritize(ingestionId: string, priority: Priority): Promise<void> {
    await this.runSteps(ingestionId, () =>
      this.store.reprioritizeStep(ingestionId, priority, RETRIES_PER_STEP),
    );
    this.logger.log({ msg: `ingestion ${ingestionId} moved to ${priority}`, ingestion_id: ingestionId });
  }

  private async runSteps(ingestionId: string, take: () => Promise<StepResult>): Promise<void> {
    let step: StepResult;
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
    this.events.emitChanged([ingestionId.toLowerCase()]);
    this.laneRegistry.notifyArrival();
  }
}
