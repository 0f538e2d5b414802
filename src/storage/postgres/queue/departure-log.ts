import type {
  Amount,
  Departure,
  DepartureLog,
  DeparturePlace,
  DepartureLogReading,
  RulesQuestion,
} from '../../../scheduler/rules/departure-log.store.js';
import type { LaneQueue } from './lane-queue.js';

/** The log of departures in PostgreSQL, for calls that leave late or never. */
export class PostgresDepartureLog implements DepartureLog {
  constructor(private readonly queueOf: (lane: string) => Promise<LaneQueue>) {}

  async read(lane: string, question: RulesQuestion): Promise<DepartureLogReading> {
    return (await this.queueOf(lane)).readRules(question);
  }

  async agesOf(lane: string, places: readonly DeparturePlace[]): Promise<(number | null)[]> {
    return (await this.queueOf(lane)).departures.agesOf(places);
  }

  async unitsPerId(lane: string): Promise<number> {
    return (await this.queueOf(lane)).departures.unitsPerId();
  }

  async append(
    lane: string,
    epoch: number,
    amount: Amount,
    leavesWithinMs: number,
  ): Promise<Departure | null> {
    return (await this.queueOf(lane)).departures.append(epoch, amount, leavesWithinMs);
  }

  async giveBack(lane: string, departure: Departure, amount: Amount): Promise<void> {
    await (await this.queueOf(lane)).departures.giveBack(departure, amount);
  }
}
