import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { ExternalApi } from './external-api.js';
import { HttpExternalApi } from './http-external-api.js';
import { MockExternalApi, seededRandom } from './mock-external-api.js';

/** The upstream: the real one where its URL is set, the simulated one otherwise. */
@Module({
  providers: [{ provide: ExternalApi, inject: [Config], useFactory: chooseExternalApi }],
  exports: [ExternalApi],
})
export class ExternalApiModule {}

function chooseExternalApi(config: Config): ExternalApi {
  if (config.externalApiUrl !== undefined) {
    return new HttpExternalApi(config.externalApiUrl);
  }
  return new MockExternalApi({
    delayMinMs: config.mockDelayMinMs,
    delayMaxMs: config.mockDelayMaxMs,
    errorRate: config.mockErrorRate,
    random: config.mockSeed === undefined ? Math.random : seededRandom(config.mockSeed),
  });
}
