import { isGateClosed } from '../../../scheduler/queue/queue.repository.js';
import type { Clock } from '../../../domain/clock.js';
import type {
  Amount,
  Departure,
  DepartureLog,
  DeparturePlace,
  DepartureLogReading,
  RulesQuestion,
} from '../../../scheduler/rules/departure-log.store.js';
import type { SqliteDatabase } from '../database/database.js';
import type { StoreClock } from '../database/store-clock.js';
import type { Departures } from './departures.js';
import type { LaneGate } from './lane-gate.js';

/** The log of departures in the embedded store, for calls that leave late or never. */
export class SqliteDepartureLog implements DepartureLog {
  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly departures: Departures,
    private readonly gateOf: (lane: string) => LaneGate,
    private readonly clock: Clock,
  ) {}

  async read(lane: string, question: RulesQuestion): Promise<DepartureLogReading> {
    const gate = this.gateOf(lane);
    const nowMs = this.time.nowMs();
    const wallMs = this.clock.wallMs();
    const rules = this.database.read(() => this.departures.read(gate.laneNo, question, { nowMs, wallMs }));
    const reading = gate.read(nowMs);
    return {
      epoch: reading.epoch,
      rules,
      settingsVersion: reading.settingsVersion,
      isClosed: isGateClosed(reading),
    };
  }

  async agesOf(lane: string, places: readonly DeparturePlace[]): Promise<(number | null)[]> {
    const { laneNo } = this.gateOf(lane);
    return this.database.read(() => this.departures.agesOf(laneNo, places, this.time.nowMs()));
  }

  async unitsPerId(lane: string): Promise<number> {
    return this.database.read(() => this.departures.unitsPerId(this.gateOf(lane).laneNo));
  }

  async append(
    lane: string,
    epoch: number,
    amount: Amount,
    leavesWithinMs: number,
  ): Promise<Departure | null> {
    const gate = this.gateOf(lane);
    if (!gate.isAt(epoch) || !gate.isOpen()) {
      return null;
    }
    const departureNo = this.database.write(() => {
      this.time.persist();
      return this.departures.append(gate.laneNo, [amount], this.time.nowMs() + leavesWithinMs);
    });
    return { departureNo, epoch: gate.raise() };
  }

  async giveBack(lane: string, { departureNo }: Departure, amount: Amount): Promise<void> {
    const gate = this.gateOf(lane);
    this.database.write(() => {
      this.departures.giveBack(gate.laneNo, departureNo, amount);
    });
    gate.raise();
  }
}
