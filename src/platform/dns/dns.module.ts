import { Module } from '@nestjs/common';
import { DnsLookup } from './dns-lookup.js';

/**
 * Finds addresses of names without the thread pool. Override {@link DnsLookup} to use other name servers,
 * also in tests.
 */
@Module({
  providers: [{ provide: DnsLookup, useFactory: () => new DnsLookup() }],
  exports: [DnsLookup],
})
export class DnsModule {}
