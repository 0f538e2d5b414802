import { Global, Injectable, Module } from '@nestjs/common';
import type { ExternalApi } from './external-api/external-api.js';
import { UpstreamInstrumentation } from './external-api/upstream-instrumentation.js';
import { UpstreamMetrics } from './operations/metrics/upstream-metrics.js';
import { Tracing } from './operations/tracing/tracing.js';

/** Measures the calls of an upstream and traces them. */
@Injectable()
class MeasuredAndTracedUpstream extends UpstreamInstrumentation {
  constructor(
    private readonly metrics: UpstreamMetrics,
    private readonly tracing: Tracing,
  ) {
    super();
  }

  override instrument(api: ExternalApi, lane: string): ExternalApi {
    return this.tracing.instrumentUpstream(this.metrics.instrument(api, lane));
  }
}

/** Binds the instrumentation ports of other rooms to metrics and traces. */
@Global()
@Module({
  providers: [{ provide: UpstreamInstrumentation, useClass: MeasuredAndTracedUpstream }],
  exports: [UpstreamInstrumentation],
})
export class AppInstrumentationModule {}
