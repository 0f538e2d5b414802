import type { Clock } from '../../../domain/clock.js';
import type { ClockSteps } from './clock-steps.js';
import { Claimer } from './claim.js';
import type { LaneId } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { SlotSchedule } from './slot-schedule.js';
import { SendCoordinator } from './send-coordinator.js';
import { Mutex } from '../../../domain/mutex.js';

/** The state of one lane in this process. */
export class LaneQueue {
  readonly claimer: Claimer;
  readonly sendCoordinator: SendCoordinator;

  constructor(database: PostgresDatabase, schema: string, laneId: LaneId, clock: Clock, steps: ClockSteps) {
    const slotSchedule = new SlotSchedule(clock);
    const mutex = new Mutex();
    this.sendCoordinator = new SendCoordinator(database, schema, laneId, slotSchedule, mutex, steps);
    this.claimer = new Claimer(database, schema, laneId, slotSchedule, this.sendCoordinator, mutex, steps);
  }
}
