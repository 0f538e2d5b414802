import { Injectable } from '@nestjs/common';
import { Gauge, Histogram } from 'prom-client';
import { UpstreamCallError, ExternalApi } from '../../external-api/external-api.js';
import { MetricsRegistry } from '../../platform/telemetry/metrics.registry.js';

/** Measures upstream requests. */
@Injectable()
export class UpstreamMetrics {
  private readonly seconds: Histogram<'lane' | 'result'>;
  private readonly inFlight: Gauge<'lane'>;

  constructor({ registry }: MetricsRegistry) {
    const registers = [registry];
    this.seconds = new Histogram({
      name: 'sluice_upstream_call_seconds',
      help: 'Duration of an upstream request; result is answered, or the reason why it failed as a whole.',
      labelNames: ['lane', 'result'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    });
    this.inFlight = new Gauge({
      name: 'sluice_upstream_calls_under_way',
      help: 'Upstream requests in flight.',
      labelNames: ['lane'],
      registers,
    });
  }

  /** Wraps an upstream to measure its requests. */
  instrument(api: ExternalApi, lane: string): ExternalApi {
    this.inFlight.inc({ lane }, 0); // a lane may get another upstream while calls are in flight
    return new MeasuredExternalApi(api, (promise) => this.time(promise, lane));
  }

  private async time<T>(call: Promise<T>, lane: string): Promise<T> {
    const end = this.seconds.startTimer({ lane });
    this.inFlight.inc({ lane });
    try {
      const answers = await call;
      end({ result: 'answered' });
      return answers;
    } catch (error) {
      end({ result: error instanceof UpstreamCallError ? error.kind : 'network' });
      throw error;
    } finally {
      this.inFlight.dec({ lane });
    }
  }
}

class MeasuredExternalApi extends ExternalApi {
  constructor(
    private readonly api: ExternalApi,
    private readonly time: <T>(call: Promise<T>) => Promise<T>,
  ) {
    super();
  }

  override get description(): string {
    return this.api.description;
  }

  override get sharesKey(): boolean {
    return this.api.sharesKey;
  }

  override process(...args: Parameters<ExternalApi['process']>): ReturnType<ExternalApi['process']> {
    return this.time(this.api.process(...args));
  }

  override prepare(inMs: number): void {
    this.api.prepare?.(inMs);
  }
}
