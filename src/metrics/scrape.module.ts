import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { Lanes } from '../scheduler/lanes/lane-registry.js';
import { SchedulerModule } from '../scheduler/scheduler.module.js';
import { BreakerMetrics } from './breaker-metrics.js';
import { GateMetrics } from './gate-metrics.js';
import { LaneMetrics } from './lane-metrics.js';
import { QueueMetrics } from './queue-metrics.js';
import { ScrapeController } from './scrape.controller.js';
import { Scrape } from './scrape.js';
import { ServiceMetrics } from './service-metrics.js';
import { OutboxMetrics } from './webhook-metrics.js';
import { LaneMonitor } from '../queue/lane-monitor.js';

/** `/metrics`, with the metrics that are read when it is asked for. */
@Module({
  imports: [SchedulerModule, QueueModule, HealthModule],
  controllers: [ScrapeController],
  providers: [QueueMetrics, BreakerMetrics, LaneMetrics, ServiceMetrics, OutboxMetrics, Scrape],
})
export class ScrapeModule {
  constructor(lanes: Lanes, metrics: GateMetrics, monitor: LaneMonitor) {
    for (const { settings, queue, breaker } of lanes.gates) {
      queue.arrived.subscribe(() => {
        metrics.arrived(settings.name);
      });
      breaker.onChange((report) => {
        metrics.breakerChanged(settings.name, report);
      });
    }
    monitor.found.subscribe(({ lane, progress }) => {
      if (progress.isPaused || progress.isHeld || !progress.hasDueIds) {
        metrics.keptBack(lane);
      }
    });
  }
}
