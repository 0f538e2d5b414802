import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { PRIORITIES } from '../../domain/priority.js';
import { QueueAdminRepository } from '../queue-admin/queue-admin.repository.js';
import { MetricsRegistry } from '../../platform/telemetry/metrics.registry.js';
import type { LaneOptions } from '../../scheduler/lanes/lane.options.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';

/** Gauges of the queue over all replicas, read at each scrape. */
@Injectable()
export class QueueMetrics {
  private readonly lanes: readonly LaneOptions[];
  private readonly pending: Gauge<'lane' | 'priority'>;
  private readonly oldest: Gauge<'lane' | 'priority'>;
  private readonly retries: Gauge<'lane'>;
  private readonly inFlight: Gauge<'lane'>;
  private readonly paused: Gauge<'lane'>;

  constructor(
    { registry }: MetricsRegistry,
    private readonly store: QueueAdminRepository,
    options: SchedulerOptions,
  ) {
    this.lanes = options.lanes;
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
    const size = gauge('sluice_batch_size_ids', 'BATCH_SIZE.', 'lane');
    const delay = gauge('sluice_batch_delay_seconds', 'BATCH_DELAY.', 'lane');
    for (const { name: lane, batchSize, batchDelayMs } of this.lanes) {
      size.set({ lane }, batchSize);
      delay.set({ lane }, batchDelayMs / 1000);
    }
  }

  /**
   * Reads the gauges.
   * @throws StoreUnavailableError Then the gauges are empty, and show no old values.
   */
  async collect(): Promise<void> {
    this.reset();
    await Promise.all(this.lanes.map(({ name }) => this.collectLane(name)));
  }

  private async collectLane(lane: string): Promise<void> {
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
  }

  private reset(): void {
    for (const gauge of [this.pending, this.oldest, this.retries, this.inFlight, this.paused]) {
      gauge.reset();
    }
  }
}
