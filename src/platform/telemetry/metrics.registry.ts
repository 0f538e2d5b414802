import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Registry, type Metric } from 'prom-client';

export const OPENMETRICS_TYPE = Registry.OPENMETRICS_CONTENT_TYPE;
export const PROMETHEUS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

export type MetricsFormat = typeof OPENMETRICS_TYPE | typeof PROMETHEUS_TYPE;

/** What the process uses (CPU, memory, garbage collection). One for all services in it, begun with the first scrape. */
let ofProcess: Registry | undefined;

/** All that is measured, and how it is written. */
@Injectable()
export class MetricsRegistry {
  /** Where every metric of this service is registered. */
  readonly registry = new Registry();

  async render(format: MetricsFormat): Promise<string> {
    ofProcess ??= startProcessMetrics();
    const metrics = [...this.registry.getMetricsAsArray(), ...ofProcess.getMetricsAsArray()];
    const registry = new Registry<MetricsFormat>();
    registry.setContentType(format);
    for (const metric of metrics as unknown as Measured[]) {
      registry.registerMetric(view(metric) as unknown as Metric);
    }
    return registry.metrics();
  }
}

/** What a registry reads of a metric; its types hide it. */
interface Measured {
  readonly name: string;
  readonly type: string;
  get(): Promise<{ readonly name: string }>;
  getForPromString?(): Promise<{ readonly name: string }>;
}

/** OpenMetrics names a counter without its suffix, and the library would rename the metric itself for good. */
function view(metric: Measured): Measured {
  const shown = {
    name: metric.name,
    type: metric.type,
    get: async () => ({ ...(await (metric.getForPromString?.() ?? metric.get())), name: shown.name }),
  };
  return shown;
}

function startProcessMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** One series of durations, to be found at the cost of one look-up. */
export interface Timer {
  observe(seconds: number): void;
}
