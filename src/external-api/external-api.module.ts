import { Module } from '@nestjs/common';
import { CachedLookup } from '../platform/dns/cached-lookup.js';
import { DnsLookup } from '../platform/dns/dns-lookup.js';
import { DnsModule } from '../platform/dns/dns.module.js';
import { ResponseParser } from './http/response-parser.js';
import { ExternalApiRegistry } from './external-api.registry.js';
import { MadeLaneUpstreams } from './made-lane-upstreams.js';
import { MockExternalApi } from './mock-external-api.js';
import { Runtime } from '../domain/runtime.js';

/** Provides the upstreams of all lanes. Override `MockExternalApi` to use another one, also in tests. */
@Module({
  imports: [DnsModule],
  providers: [
    ResponseParser,
    {
      provide: CachedLookup,
      inject: [Runtime, DnsLookup],
      useFactory: (runtime: Runtime, dns: DnsLookup) => new CachedLookup(runtime, dns),
    },
    MockExternalApi,
    ExternalApiRegistry,
    MadeLaneUpstreams,
  ],
  exports: [ExternalApiRegistry, MadeLaneUpstreams],
})
export class ExternalApiModule {}
