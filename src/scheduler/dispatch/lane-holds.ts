import { Injectable } from '@nestjs/common';
import { Clock } from '../../domain/clock.js';
import type { HeldBy } from '../../domain/held-by.js';
import { DispatchRunner } from './dispatch-runner.js';
import { PriorityQueue } from '../queue/priority-queue.js';
import { QueueRepository } from '../queue/queue.repository.js';
import type { RulesReading } from '../rules/departure-log.store.js';
import { admit } from '../rules/admit.js';
import { toHeldBy, type LaneFacts, type SpentLimit } from '../lanes/held-by.js';
import type { Lane } from '../lanes/lane.js';

const MICROSECONDS = 1000;

/** The cause for which a lane sends nothing now, and the time until it may. */
export interface LaneOpening {
  /** Null if the next dispatch may go. */
  readonly heldBy: HeldBy | null;
  /**
   * The time until everything that ends by itself has ended, in ms; 0 if only a person or an answer ends what holds the
   * lane.
   */
  readonly opensInMs: number;
  /** The answer of the log of departures, of this moment; null if the lane has no limits. */
  readonly reading: RulesReading | null;
}

/** Tells what holds a lane. It reads the limits from the store, so it is the same on every replica. */
@Injectable()
export class LaneHolds {
  constructor(
    private readonly repository: QueueRepository,
    private readonly runner: DispatchRunner,
    private readonly queue: PriorityQueue,
    private readonly clock: Clock,
  ) {}

  /** @throws StoreUnavailableError */
  async openingOf(lane: Lane, facts: LaneFacts): Promise<LaneOpening> {
    const { name, batchSize, batchDelayMs, maxInFlight } = lane.options;
    const nowMs = this.clock.wallMs();
    const quietUntilMs = lane.options.quietHours?.endsAt(nowMs) ?? null;
    const breaker = lane.breaker.status();
    const reading = await this.readLog(lane);
    const limit = reading === null ? null : this.spentLimitOf(lane, facts, reading);
    const isLater = facts.readyIds === 0 && facts.laterRetries > 0;
    const conditions = {
      batchSize,
      batchDelayMs,
      maxInFlight,
      isAtCapacity: this.runner.isAtCapacity(lane),
      breaker,
      limit,
      quietUntilMs,
      minFill: lane.options.fill?.minFill ?? 0,
      fillingForMs: this.queue.fillingForMs(name),
      retryDueInMs: isLater ? await this.repository.nextDueInMs(name) : null,
    };
    const heldBy = toHeldBy(facts, conditions, nowMs);
    return {
      reading,
      heldBy,
      opensInMs: Math.max(
        0,
        batchDelayMs - facts.slotTakenMsAgo,
        facts.heldForMs,
        breaker.probeInMs ?? 0,
        limit?.opensInMs ?? 0,
        quietUntilMs === null ? 0 : quietUntilMs - nowMs,
        heldBy?.kind === 'filling' ? (conditions.fillingForMs ?? 0) : 0,
      ),
    };
  }

  /** Returns the hold that the last claim of this process found: only a claim knows the cost of the next id. */
  private lastHoldOf(lane: string): SpentLimit | null {
    const hold = this.queue.heldBy(lane);
    return hold === null ? null : { limit: hold.rule, opensInMs: hold.opensInMs };
  }

  private async readLog({ options: { name, rules } }: Lane): Promise<RulesReading | null> {
    if (rules === null) {
      return null;
    }
    const question = rules.questionAt(this.clock.wallMs() * MICROSECONDS);
    return (await this.repository.departures.read(name, question)).rules;
  }

  /** Returns the limit that keeps the next dispatch of the ready ids back; null if none does. */
  private spentLimitOf(
    { options }: Lane,
    { readyIds, readyRank: rank }: LaneFacts,
    reading: RulesReading,
  ): SpentLimit | null {
    const { name, rules, batchSize } = options;
    if (rules === null) {
      return null;
    }
    const ids = Math.min(batchSize, Math.max(1, readyIds));
    const admission = admit(rules, reading, [[{ rank, ids, units: 1 }]]);
    if (admission.kind === 'open') {
      return rules.countsUnits ? this.lastHoldOf(name) : null;
    }
    const { rule: limit, opensInUs } = admission;
    return { limit, opensInMs: opensInUs === null ? null : opensInUs / MICROSECONDS };
  }
}
