import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { QueueAdminModule } from '../queue-admin/queue-admin.module.js';
import { PriorityQueue } from '../../scheduler/queue/priority-queue.js';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import { SchedulerModule } from '../../scheduler/scheduler.module.js';
import { BreakerMetrics } from './breaker-metrics.js';
import { DispatchMetrics } from './dispatch-metrics.js';
import { LaneMetrics } from './lane-metrics.js';
import { QueueMetrics } from './queue-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsCollector } from './metrics-collector.js';
import { ServiceMetrics } from './service-metrics.js';
import { OutboxMetrics } from './webhook-metrics.js';
import { LaneMonitor } from '../queue-admin/lane-monitor.js';

/** Provides `/metrics`, with the metrics that are read at each scrape. */
@Module({
  imports: [SchedulerModule, QueueAdminModule, HealthModule],
  controllers: [MetricsController],
  providers: [QueueMetrics, BreakerMetrics, LaneMetrics, ServiceMetrics, OutboxMetrics, MetricsCollector],
})
export class MetricsEndpointModule {
  constructor(
    laneRegistry: LaneRegistry,
    queue: PriorityQueue,
    metrics: DispatchMetrics,
    monitor: LaneMonitor,
  ) {
    queue.claims.subscribe((event) => {
      metrics.claimed(event);
    });
    queue.starts.subscribe((dispatch) => {
      metrics.started(dispatch);
    });
    queue.lateReleases.subscribe((release) => {
      metrics.releasedLate(release);
    });
    laneRegistry.created.subscribe((lane) => {
      queue.arrivals(lane).subscribe(() => {
        metrics.arrived(lane.name);
      });
      lane.breaker.onChange((report) => {
        metrics.breakerChanged(lane.name, report);
      });
    });
    monitor.found.subscribe(({ lane, progress }) => {
      if (progress.isPaused || progress.isHeld || !progress.hasDueIds) {
        metrics.keptBack(lane);
      }
    });
  }
}
