import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { LaneMonitor } from '../queue-admin/lane-monitor.js';
import { MetricsRegistry } from '../../platform/telemetry/metrics.registry.js';
import { LaneBases } from '../../scheduler/settings/lane-bases.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';

/** Gauges of lanes that are unwell, and of lanes whose replicas run with different settings. */
@Injectable()
export class LaneMetrics {
  constructor(
    { registry }: MetricsRegistry,
    monitor: LaneMonitor,
    options: SchedulerOptions,
    bases: LaneBases,
  ) {
    new Gauge({
      name: 'sluice_lane_settings_differ',
      help: '1 while replicas run with different settings of a lane in their environment or lanes file. All go by the store.',
      labelNames: ['lane'],
      registers: [registry],
      collect() {
        this.reset();
        for (const lane of options.laneNames) {
          this.set({ lane }, bases.isDifferent(lane) ? 1 : 0);
        }
      },
    });
    new Gauge({
      name: 'sluice_lane_unwell',
      help: '1 while ids may be sent, no known reason blocks them, and no process has sent a dispatch for several delays.',
      labelNames: ['lane'],
      registers: [registry],
      collect() {
        this.reset();
        for (const lane of options.laneNames) {
          this.set({ lane }, monitor.unwellSinceMs(lane) === null ? 0 : 1);
        }
      },
    });
  }
}
