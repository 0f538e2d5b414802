import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { HealthModule } from '../health/health.module.js';
import { StoreProbe } from '../health/store-probe.js';
import { EventLoopDelay } from '../lifecycle/event-loop-delay.js';
import { LaneMonitor } from '../queue/lane-monitor.js';
import { QueueModule } from '../queue/queue.module.js';
import { QueueStore } from '../queue/queue.store.js';
import { Lanes } from '../scheduler/lanes.js';
import { SchedulerModule } from '../scheduler/scheduler.module.js';
import { DeliveryStore } from '../webhooks/delivery.store.js';
import { BreakerMetrics } from './breaker-metrics.js';
import { GateMetrics } from './gate-metrics.js';
import { LaneMetrics } from './lane-metrics.js';
import { Metrics } from './metrics.js';
import { QueueMetrics } from './queue-metrics.js';
import { ScrapeController } from './scrape.controller.js';
import { Scrape } from './scrape.js';
import { ServiceMetrics } from './service-metrics.js';
import { OutboxMetrics } from './webhook-metrics.js';

/** `/metrics`, with what is looked at when it is asked for. */
@Module({
  imports: [SchedulerModule, QueueModule, HealthModule],
  controllers: [ScrapeController],
  providers: [
    {
      provide: QueueMetrics,
      inject: [Metrics, QueueStore, Config],
      useFactory: (metrics: Metrics, store: QueueStore, config: Config) =>
        new QueueMetrics(metrics, store, config.lanes),
    },
    {
      provide: BreakerMetrics,
      inject: [Metrics, Lanes],
      useFactory: (metrics: Metrics, lanes: Lanes) => new BreakerMetrics(metrics, lanes),
    },
    {
      provide: LaneMetrics,
      inject: [Metrics, LaneMonitor, Lanes],
      useFactory: (metrics: Metrics, monitor: LaneMonitor, lanes: Lanes) =>
        new LaneMetrics(metrics, monitor, lanes.names),
    },
    {
      provide: ServiceMetrics,
      inject: [Metrics, StoreProbe, EventLoopDelay],
      useFactory: (metrics: Metrics, probe: StoreProbe, loopDelay: EventLoopDelay) =>
        new ServiceMetrics(metrics, probe, loopDelay),
    },
    {
      provide: OutboxMetrics,
      inject: [Metrics, DeliveryStore],
      useFactory: (metrics: Metrics, store: DeliveryStore) => new OutboxMetrics(metrics, store),
    },
    {
      provide: Scrape,
      inject: [Metrics, ServiceMetrics, QueueMetrics, OutboxMetrics],
      useFactory: (metrics: Metrics, service: ServiceMetrics, queue: QueueMetrics, outbox: OutboxMetrics) =>
        new Scrape(metrics, [service, queue, outbox]),
    },
  ],
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
