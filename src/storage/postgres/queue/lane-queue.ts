import type { Clock } from '../../../domain/clock.js';
import type { ClockSteps } from './clock-steps.js';
import { Claimer } from './claim.js';
import type { Lane } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { Slot } from './slot-schedule.js';
import { Starter } from './send-coordinator.js';
import { Turnstile } from '../database/mutex.js';

/** The gate of one lane, as this process works at it. */
export class LaneGate {
  readonly claimer: Claimer;
  readonly starter: Starter;

  constructor(database: PostgresDatabase, schema: string, lane: Lane, clock: Clock, steps: ClockSteps) {
    const slot = new Slot(clock);
    const turnstile = new Turnstile();
    this.starter = new Starter(database, schema, lane, slot, turnstile, steps);
    this.claimer = new Claimer(database, schema, lane, slot, this.starter, turnstile, steps);
  }
}
