import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { CircuitBreakerStatus } from '../../scheduler/lanes/circuit-breaker.js';
import { ATTEMPT_ERROR_KINDS, type Dispatch, type Outcome } from '../../domain/dispatch.js';
import type { ClaimEvent, LateRelease } from '../../scheduler/queue/claim-result.js';
import type { QueueRepository } from '../../scheduler/queue/queue.repository.js';
import { DEFAULT_LANE } from '../../domain/lane.js';
import { Runtime } from '../../domain/runtime.js';
import { MetricsRegistry } from '../../platform/telemetry/metrics.registry.js';
import { MissedSlotCounter } from './missed-slot-counter.js';
import type { Hooks } from './instrument.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';

/** A dispatch that has not ended. */
interface InFlightDispatch {
  readonly lane: string;
  /** Failed attempts before it, for each of its ids. */
  readonly failures: readonly number[];
}

/** Counts dispatches, their slots, and the outcomes of their ids. */
@Injectable()
export class DispatchMetrics {
  /** The slot counter of each lane, by name. */
  private readonly slots = new Map<string, MissedSlotCounter>();
  private readonly dispatches: Counter<'lane'>;
  private readonly ids: Counter<'lane'>;
  private readonly fill: Histogram<'lane'>;
  private readonly endings: Counter<'ending'>;
  private readonly releasedClaims: Counter<'lane' | 'reason'>;
  private readonly outcomes: Counter<'lane' | 'outcome' | 'kind'>;
  private readonly attempts: Histogram<'lane' | 'outcome'>;
  private readonly inFlight = new Map<string, InFlightDispatch>();

  /** Hooks into the queue repository. */
  readonly hooks: Hooks<QueueRepository> = {
    settle: (areRecorded, settlements) => {
      const sums = new OutcomeSums();
      settlements.forEach(({ dispatch: { dispatchId }, outcomes }, i) => {
        this.settled(dispatchId, areRecorded[i] === true ? outcomes : null, sums);
      });
      for (const { count, ...labels } of sums.all()) {
        this.outcomes.inc(labels, count);
      }
    },
    release: (_areHeld, dispatches) => {
      // One that came too late for its slot was never started.
      const started = dispatches.filter(({ dispatchId }) => this.inFlight.has(dispatchId));
      for (const { dispatchId } of started) {
        this.ended(dispatchId, 'released');
      }
    },
    reclaimExpired: (dispatchIds) => {
      this.endings.inc({ ending: 'lapsed' }, dispatchIds.length);
    },
  };

  constructor(
    { registry }: MetricsRegistry,
    private readonly options: SchedulerOptions,
    private readonly runtime: Runtime,
  ) {
    const registers = [registry];
    const { slots } = this;
    slots.set(DEFAULT_LANE, new MissedSlotCounter(options.lanes[0]));
    this.dispatches = new Counter({
      name: 'sluice_dispatches_total',
      help: 'Dispatches started, each in its own slot.',
      labelNames: ['lane'],
      registers,
    });
    this.ids = new Counter({
      name: 'sluice_dispatched_ids_total',
      help: 'Ids sent, each attempt counted.',
      labelNames: ['lane'],
      registers,
    });
    this.fill = new Histogram({
      name: 'sluice_dispatch_fill_ratio',
      help: 'Ids of a dispatch divided by BATCH_SIZE.',
      labelNames: ['lane'],
      buckets: [0.1, 0.25, 0.5, 0.75, 0.99, 1],
      registers,
    });
    this.endings = new Counter({
      name: 'sluice_dispatch_endings_total',
      help: 'Dispatches that ended: settled, late (reclaimed before), released (cut off by a shutdown) or lapsed (their process died).',
      labelNames: ['ending'],
      registers,
    });
    this.releasedClaims = new Counter({
      name: 'sluice_claims_released_total',
      help: 'Claims whose ids were released because they came too late for their slot: late_commit (the store took too long), late_call (the request was not ready in time).',
      labelNames: ['lane', 'reason'],
      registers,
    });
    this.outcomes = new Counter({
      name: 'sluice_outcomes_total',
      help: 'Outcomes of attempts of ids: completed, retry, failed (a dead letter) and others; kind tells why it was not completed.',
      labelNames: ['lane', 'outcome', 'kind'],
      registers,
    });
    this.attempts = new Histogram({
      name: 'sluice_attempts',
      help: 'Attempts that an id took to its outcome.',
      labelNames: ['lane', 'outcome'],
      buckets: [1, 2, 3, 5, 10, 20, 50],
      registers,
    });
    this.initializeToZero();
    new Counter({
      name: 'sluice_slots_missed_total',
      help: 'Slots that passed unused while ids were due and nothing blocked them (a limit, a pause, a hold, an open breaker), as this process saw it.',
      labelNames: ['lane'],
      registers,
      collect() {
        this.reset();
        for (const [lane, watch] of slots) {
          this.inc({ lane }, watch.missed(runtime.monotonicMs()));
        }
      },
    });
    new Gauge({
      name: 'sluice_dispatch_overdue_seconds',
      help: 'Time for which a dispatch has been due and has not started.',
      labelNames: ['lane'],
      registers,
      collect() {
        for (const [lane, watch] of slots) {
          this.set({ lane }, watch.overdueMs(runtime.monotonicMs()) / 1000);
        }
      },
    });
  }

  /** Call it when ids become pending. */
  arrived(lane: string): void {
    this.slots.get(lane)?.arrived(this.runtime.monotonicMs());
  }

  /**
   * Call it when the breaker of a lane changes its state. While the breaker is not closed, no slot counts as
   * missed.
   */
  breakerChanged(lane: string, { state, probeInMs }: CircuitBreakerStatus): void {
    const nowMs = this.runtime.monotonicMs();
    const keptForMs = state === 'closed' ? 0 : (probeInMs ?? Number.POSITIVE_INFINITY);
    this.slots.get(lane)?.keepBack(nowMs, nowMs + keptForMs);
  }

  /** Call it when the store reports that nothing of a lane may be sent now; a claim need not have found that. */
  keptBack(lane: string): void {
    this.slots.get(lane)?.idle();
  }

  /** Call it after each claim. */
  claimed({ lane, result }: ClaimEvent): void {
    const nowMs = this.runtime.monotonicMs();
    const slots = this.slotsFor(lane);
    switch (result.kind) {
      case 'claimed':
        slots.used(nowMs);
        break;
      case 'slot_closed':
        slots.opensAt(nowMs + result.opensInMs);
        break;
      default:
        slots.idle();
    }
  }

  /** Call it when the call of a claimed dispatch may begin. */
  started({ lane, dispatchId, parts }: Dispatch): void {
    const failures = parts.flatMap((part) => new Array<number>(part.size).fill(part.failures));
    this.inFlight.set(dispatchId, { lane, failures });
    this.dispatches.inc({ lane });
    this.ids.inc({ lane }, failures.length);
    this.fill.observe({ lane }, failures.length / this.options.batchSizeOf(lane));
  }

  /** Call it when a dispatch was too late for its slot. */
  releasedLate({ lane, reason }: LateRelease): void {
    this.releasedClaims.inc({ lane, reason });
    if (reason === 'late_commit') {
      this.slotsFor(lane).arrived(this.runtime.monotonicMs());
    }
  }

  /** Starts series with 0: Prometheus sees an increase only from an existing value. */
  private initializeToZero(): void {
    const lane = DEFAULT_LANE;
    this.dispatches.inc({ lane }, 0);
    this.ids.inc({ lane }, 0);
    this.outcomes.inc({ lane, outcome: 'completed', kind: '' }, 0);
    for (const kind of ATTEMPT_ERROR_KINDS) {
      this.outcomes.inc({ lane, outcome: 'failed', kind }, 0);
    }
    for (const reason of ['late_commit', 'late_call']) {
      this.releasedClaims.inc({ lane, reason }, 0);
    }
    for (const ending of ['settled', 'late', 'released', 'lapsed']) {
      this.endings.inc({ ending }, 0);
    }
  }

  private slotsFor(lane: string): MissedSlotCounter {
    let slots = this.slots.get(lane);
    if (slots === undefined) {
      const { lanes } = this.options;
      slots = new MissedSlotCounter(lanes.find(({ name }) => name === lane) ?? lanes[0]);
      this.slots.set(lane, slots);
    }
    return slots;
  }

  private settled(dispatchId: string, outcomes: readonly Outcome[] | null, sums: OutcomeSums): void {
    const { lane, failures } = this.ended(dispatchId, outcomes === null ? 'late' : 'settled');
    outcomes?.forEach((outcome, i) => {
      sums.add(lane, outcome);
      if (outcome.kind === 'completed' || outcome.kind === 'failed') {
        this.attempts.observe({ lane, outcome: outcome.kind }, (failures[i] ?? 0) + 1);
      }
    });
  }

  private ended(dispatchId: string, ending: 'settled' | 'late' | 'released'): InFlightDispatch {
    const inFlightDispatch = this.inFlight.get(dispatchId) ?? { lane: DEFAULT_LANE, failures: [] };
    this.inFlight.delete(dispatchId);
    this.endings.inc({ ending });
    return inFlightDispatch;
  }
}

interface OutcomeSum {
  readonly lane: string;
  readonly outcome: Outcome['kind'];
  readonly kind: string;
  count: number;
}

/** The outcomes of dispatches that end together, counted before the counter finds its labels: that takes longer. */
class OutcomeSums {
  private readonly sums = new Map<string, OutcomeSum>();

  add(lane: string, outcome: Outcome): void {
    const kind = 'error' in outcome ? outcome.error.kind : '';
    const key = `${outcome.kind} ${kind} ${lane}`;
    const sum = this.sums.get(key);
    if (sum === undefined) {
      this.sums.set(key, { lane, outcome: outcome.kind, kind, count: 1 });
    } else {
      sum.count += 1;
    }
  }

  all(): Iterable<OutcomeSum> {
    return this.sums.values();
  }
}
