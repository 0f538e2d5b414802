import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Registry, type Metric } from 'prom-client';

export const OPENMETRICS_TYPE = Registry.OPENMETRICS_CONTENT_TYPE;
export const PROMETHEUS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

export type MetricsFormat = typeof OPENMETRICS_TYPE | typeof PROMETHEUS_TYPE;

/**
 * The default process metrics (CPU, memory, garbage collection). All services in the process share them; they
 * start with the first scrape.
 */
let processRegistry: Registry | undefined;

/** Holds and renders all metrics. */
@Injectable()
export class MetricsRegistry {
  /** Every metric of this service is registered here. */
  readonly registry = new Registry();

  async render(format: MetricsFormat): Promise<string> {
    processRegistry ??= startProcessMetrics();
    const metrics = [...this.registry.getMetricsAsArray(), ...processRegistry.getMetricsAsArray()];
    const registry = new Registry<MetricsFormat>();
    registry.setContentType(format);
    for (const metric of metrics as unknown as Measured[]) {
      registry.registerMetric(view(metric) as unknown as Metric);
    }
    return registry.metrics();
  }
}

/** The members of a metric that a registry reads; the library does not export them as a type. */
interface Measured {
  readonly name: string;
  readonly type: string;
  get(): Promise<{ readonly name: string }>;
  getForPromString?(): Promise<{ readonly name: string }>;
}

/**
 * Returns a copy with its own name: OpenMetrics names a counter without its suffix, and the library would
 * otherwise rename the metric itself permanently.
 */
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

/** One labelled series of a histogram; holding it saves the lookup of its labels. */
export interface Timer {
  observe(seconds: number): void;
}
