import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { HELD_BY_KINDS } from '../../domain/held-by.js';
import { PRIORITIES } from '../../domain/priority.js';
import { QueueAdminRepository, toLaneFacts, type QueueStats } from '../queue-admin/queue-admin.repository.js';
import { MetricsRegistry } from '../../platform/telemetry/metrics.registry.js';
import { LaneHolds } from '../../scheduler/dispatch/lane-holds.js';
import type { Lane } from '../../scheduler/lanes/lane.js';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';

/** Gauges of the queue over all replicas, read at each scrape. */
@Injectable()
export class QueueMetrics {
  private readonly pending: Gauge<'lane' | 'priority'>;
  private readonly oldest: Gauge<'lane' | 'priority'>;
  private readonly retries: Gauge<'lane'>;
  private readonly inFlight: Gauge<'lane'>;
  private readonly paused: Gauge<'lane'>;
  private readonly heldBy: Gauge<'lane' | 'kind'>;
  private readonly heldUntil: Gauge<'lane'>;
  private readonly size: Gauge<'lane'>;
  private readonly delay: Gauge<'lane'>;

  constructor(
    { registry }: MetricsRegistry,
    private readonly store: QueueAdminRepository,
    private readonly laneRegistry: LaneRegistry,
    private readonly holds: LaneHolds,
  ) {
    const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]): Gauge<L> =>
      new Gauge({ name, help, labelNames, registers: [registry] });
    this.pending = gauge('sluice_waiting_ids', 'Pending ids that were never sent.', 'lane', 'priority');
    this.oldest = gauge(
      'sluice_oldest_waiting_seconds',
      'Time since the oldest pending ingestion of a priority was accepted; absent if none is pending.',
      'lane',
      'priority',
    );
    this.retries = gauge(
      'sluice_retries_waiting_ids',
      'Ids that are pending for a retry, 100000 at most.',
      'lane',
    );
    this.inFlight = gauge('sluice_in_flight_ids', 'Ids in flight.', 'lane');
    this.paused = gauge('sluice_paused', '1 while the lane is paused.', 'lane');
    this.heldBy = gauge(
      'sluice_lane_held_by',
      '1 for the cause for which a lane sends nothing now, otherwise 0; all are 0 if the next dispatch may go.',
      'lane',
      'kind',
    );
    this.heldUntil = gauge(
      'sluice_lane_held_until_timestamp_seconds',
      'Unix time at which the cause ends by itself; absent if no time ends it, or if that is unknown.',
      'lane',
    );
    this.size = gauge('sluice_batch_size_ids', 'BATCH_SIZE.', 'lane');
    this.delay = gauge('sluice_batch_delay_seconds', 'BATCH_DELAY.', 'lane');
  }

  /**
   * Reads the gauges.
   * @throws StoreUnavailableError Then the gauges are empty, and show no old values.
   */
  async collect(): Promise<void> {
    this.reset();
    for (const { options } of this.laneRegistry.lanes) {
      this.size.set({ lane: options.name }, options.batchSize);
      this.delay.set({ lane: options.name }, options.batchDelayMs / 1000);
    }
    await Promise.all(this.laneRegistry.lanes.map((lane) => this.collectLane(lane)));
  }

  private async collectLane(collected: Lane): Promise<void> {
    const lane = collected.name;
    const [survey, oldestMs] = await Promise.all([
      this.store.stats(lane),
      this.store.oldestPendingAgeMs(lane),
    ]);
    for (const priority of PRIORITIES) {
      this.pending.set({ lane, priority }, survey.pending[priority]);
      const waitsForMs = oldestMs[priority];
      if (waitsForMs !== null) {
        this.oldest.set({ lane, priority }, waitsForMs / 1000);
      }
    }
    this.retries.set({ lane }, survey.pendingRetries);
    this.inFlight.set({ lane }, survey.inFlight);
    this.paused.set({ lane }, survey.pausedAtMs === null ? 0 : 1);
    await this.collectHeldBy(collected, survey);
  }

  private async collectHeldBy(collected: Lane, survey: QueueStats): Promise<void> {
    const lane = collected.name;
    const { heldBy } = await this.holds.openingOf(collected, toLaneFacts(survey));
    for (const kind of HELD_BY_KINDS) {
      this.heldBy.set({ lane, kind }, heldBy?.kind === kind ? 1 : 0);
    }
    if (heldBy !== null && heldBy.untilMs !== null) {
      this.heldUntil.set({ lane }, heldBy.untilMs / 1000);
    }
  }

  private reset(): void {
    const { pending, oldest, retries, inFlight, paused, heldBy, heldUntil, size, delay } = this;
    for (const gauge of [pending, oldest, retries, inFlight, paused, heldBy, heldUntil, size, delay]) {
      gauge.reset();
    }
  }
}
