import { Module } from '@nestjs/common';
import { DnsLookup } from './dns-lookup.js';
import { Runtime } from '../../domain/runtime.js';

/**
 * Finds addresses of names without the thread pool. Override {@link DnsLookup} to use other name servers,
 * also in tests.
 */
@Module({
  providers: [
    { provide: DnsLookup, inject: [Runtime], useFactory: (runtime: Runtime) => new DnsLookup(runtime) },
  ],
  exports: [DnsLookup],
})
export class DnsModule {}
