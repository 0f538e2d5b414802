import type { Clock } from '../../src/domain/clock.js';
import {
  DepartureLog,
  type Amount,
  type Departure,
  type DepartureDraft,
  type DeparturePlace,
  type DepartureLogReading,
  type RulesQuestion,
  type RulesReading,
} from '../../src/scheduler/rules/departure-log.store.js';
import { MemoryDepartures } from './memory-departures.js';

/** What the log needs of the gate of a lane. */
interface GateOfLog {
  epoch: number;
  readonly settingsVersion?: number;
  readonly isPaused?: boolean;
  readonly heldUntilMs?: number;
}

/** The log of departures of all lanes in memory. It knows no dispatches, so none is in flight. */
export class MemoryDepartureLog extends DepartureLog {
  private readonly lanes = new Map<string, MemoryDepartures>();

  constructor(
    private readonly clock: Clock,
    private readonly gateOf: (lane: string) => GateOfLog = () => ({ epoch: 1 }),
  ) {
    super();
  }

  answer(lane: string, { windows, calendars }: RulesQuestion): RulesReading {
    const nowUs = Math.floor(this.clock.monotonicMs() * 1000);
    const wallUs = Math.floor(this.clock.wallMs() * 1000);
    const moment = { wallUs, aheadUs: nowUs - wallUs };
    return {
      nowUs,
      wallUs,
      calendars: calendars.map((calendar) => this.of(lane).readCalendar(calendar, moment)),
      windows: windows.map((window) => this.of(lane).read(window, nowUs)),
      callsInFlight: 0,
    };
  }

  /** Adds the departures of a claim. Returns the number of the first one; null without any. */
  appendAll(lane: string, draft: DepartureDraft | null): number | null {
    const byUs = Math.ceil((this.clock.monotonicMs() + (draft?.leavesWithinMs ?? 0)) * 1000);
    const [first = null] = draft?.amounts.map((amount) => this.of(lane).append(amount, byUs)) ?? [];
    return first;
  }

  override async read(lane: string, question: RulesQuestion): Promise<DepartureLogReading> {
    const { epoch, settingsVersion = 0 } = this.gateOf(lane);
    return { epoch, rules: this.answer(lane, question), settingsVersion, isClosed: this.isClosed(lane) };
  }

  override async agesOf(lane: string, places: readonly DeparturePlace[]): Promise<(number | null)[]> {
    const nowUs = Math.floor(this.clock.monotonicMs() * 1000);
    return places.map((place) => this.of(lane).ageAt(place, nowUs));
  }

  override async unitsPerId(lane: string): Promise<number> {
    return this.of(lane).unitsPerId();
  }

  override async append(
    lane: string,
    epoch: number,
    amount: Amount,
    leavesWithinMs: number,
  ): Promise<Departure | null> {
    const gate = this.gateOf(lane);
    if (gate.epoch !== epoch || this.isClosed(lane)) {
      return null;
    }
    gate.epoch += 1;
    const departureNo = this.appendAll(lane, { amounts: [amount], leavesWithinMs });
    return departureNo === null ? null : { departureNo, epoch: gate.epoch };
  }

  override async giveBack(lane: string, { departureNo }: Departure, amount: Amount): Promise<void> {
    this.of(lane).giveBack(departureNo, amount);
    this.gateOf(lane).epoch += 1;
  }

  private isClosed(lane: string): boolean {
    const { isPaused = false, heldUntilMs = 0 } = this.gateOf(lane);
    return isPaused || heldUntilMs > this.clock.monotonicMs();
  }

  /** Returns the departures of one lane. */
  of(lane: string): MemoryDepartures {
    const departures = this.lanes.get(lane) ?? new MemoryDepartures();
    this.lanes.set(lane, departures);
    return departures;
  }
}
