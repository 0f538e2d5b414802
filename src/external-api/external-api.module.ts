import { Module } from '@nestjs/common';
import { Config, ConfigError } from '../config/config.js';
import { ExternalApi } from './external-api.js';
import { HttpExternalApi } from './http-external-api.js';
import type { HttpUpstream } from './http-upstream.js';
import { MockExternalApi, seededRandom } from './mock-external-api.js';

/** The upstream: the real one where its URL is set, the simulated one otherwise. */
@Module({
  providers: [{ provide: ExternalApi, inject: [Config], useFactory: chooseExternalApi }],
  exports: [ExternalApi],
})
export class ExternalApiModule {}

function chooseExternalApi(config: Config): ExternalApi {
  if (config.upstream !== undefined) {
    return openUpstream(config.upstream);
  }
  return new MockExternalApi({
    delayMinMs: config.mockDelayMinMs,
    delayMaxMs: config.mockDelayMaxMs,
    errorRate: config.mockErrorRate,
    random: config.mockSeed === undefined ? Math.random : seededRandom(config.mockSeed),
  });
}

function openUpstream(upstream: HttpUpstream): ExternalApi {
  try {
    return new HttpExternalApi(upstream);
  } catch (error) {
    const { message } = error as Error;
    throw new ConfigError(`EXTERNAL_API_TOKEN_FILE cannot be used: ${message}`, { cause: error });
  }
}
