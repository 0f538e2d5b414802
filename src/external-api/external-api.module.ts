import { isDeepStrictEqual } from 'node:util';
import { Module } from '@nestjs/common';
import { Config, ConfigError } from '../config/config.js';
import { CachedLookup } from '../dns/cached-lookup.js';
import { DnsLookup } from '../dns/dns-lookup.js';
import { DnsModule } from '../dns/dns.module.js';
import { AnswerReader } from './answer-reader.js';
import { ExternalApi } from './external-api.js';
import { HttpExternalApi } from './http-external-api.js';
import type { HttpUpstream } from './http-upstream.js';
import { LaneApis } from './lane-apis.js';
import { MockExternalApi, seededRandom } from './mock-external-api.js';

/** The upstreams: real ones where a URL is set, the simulated one otherwise. Lanes without one of their own share one. */
@Module({
  imports: [DnsModule],
  providers: [
    AnswerReader,
    { provide: CachedLookup, inject: [DnsLookup], useFactory: (dns: DnsLookup) => new CachedLookup(dns) },
    { provide: ExternalApi, inject: [Config, AnswerReader, CachedLookup], useFactory: chooseExternalApi },
    {
      provide: LaneApis,
      inject: [Config, ExternalApi, AnswerReader, CachedLookup],
      useFactory: (config: Config, ofDefault: ExternalApi, reader: AnswerReader, names: CachedLookup) =>
        new LaneApis(({ name, upstream }) =>
          upstream === undefined || isDeepStrictEqual(upstream, config.upstream)
            ? ofDefault
            : openUpstream(upstream, reader, names, `the token file of lane ${name}`),
        ),
    },
  ],
  exports: [ExternalApi, LaneApis],
})
export class ExternalApiModule {}

function chooseExternalApi(config: Config, reader: AnswerReader, names: CachedLookup): ExternalApi {
  if (config.upstream !== undefined) {
    return openUpstream(config.upstream, reader, names, 'EXTERNAL_API_TOKEN_FILE');
  }
  return new MockExternalApi({
    delayMinMs: config.mockDelayMinMs,
    delayMaxMs: config.mockDelayMaxMs,
    errorRate: config.mockErrorRate,
    random: config.mockSeed === undefined ? Math.random : seededRandom(config.mockSeed),
  });
}

function openUpstream(
  upstream: HttpUpstream,
  reader: AnswerReader,
  names: CachedLookup,
  tokenFile: string,
): ExternalApi {
  try {
    return new HttpExternalApi(upstream, reader, names);
  } catch (error) {
    const { message } = error as Error;
    throw new ConfigError(`${tokenFile} cannot be used: ${message}`, { cause: error });
  }
}
