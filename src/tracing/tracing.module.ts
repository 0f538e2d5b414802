import { Global, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { NoTracing, Tracing } from './tracing.js';

/** Sends the last spans once nothing makes more. */
@Injectable()
class TracingCloser implements OnApplicationShutdown {
  constructor(private readonly tracing: Tracing) {}

  async onApplicationShutdown(): Promise<void> {
    await this.tracing.close();
  }
}

/** Traces where a collector is named. What they need is not even loaded otherwise. */
@Global()
@Module({
  providers: [
    { provide: Tracing, inject: [Config], useFactory: openTracing },
    {
      provide: TracingCloser,
      inject: [Tracing],
      useFactory: (tracing: Tracing) => new TracingCloser(tracing),
    },
  ],
  exports: [Tracing],
})
export class TracingModule {}

async function openTracing({ otlpEndpoint }: Config): Promise<Tracing> {
  if (otlpEndpoint === undefined) {
    return new NoTracing();
  }
  const { OtlpTracing } = await import('./otlp-tracing.js');
  return new OtlpTracing(otlpEndpoint);
}
