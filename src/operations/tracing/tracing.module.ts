import { Global, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Runtime } from '../../domain/runtime.js';
import { NoTracing, Tracing } from './tracing.js';
import { TracingOptions } from './tracing.options.js';

/** Sends the last spans after everything else has stopped. */
@Injectable()
class TracingCloser implements OnApplicationShutdown {
  constructor(private readonly tracing: Tracing) {}

  async onApplicationShutdown(): Promise<void> {
    await this.tracing.close();
  }
}

/** Provides tracing if a collector is configured. Otherwise its libraries are not even loaded. */
@Global()
@Module({
  providers: [
    { provide: Tracing, inject: [TracingOptions, Runtime], useFactory: openTracing },
    TracingCloser,
  ],
  exports: [Tracing],
})
export class TracingModule {}

async function openTracing({ otlpEndpoint }: TracingOptions, runtime: Runtime): Promise<Tracing> {
  if (otlpEndpoint === undefined) {
    return new NoTracing();
  }
  const { OtlpTracing } = await import('./otlp-tracing.js');
  return new OtlpTracing(otlpEndpoint, runtime);
}
