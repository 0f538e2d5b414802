import { Injectable } from '@nestjs/common';
import { Configuration } from '../platform/config/configuration.js';
import { SECOND_MS } from '../platform/config/units.js';
import type { UpstreamOptions } from './http/upstream.options.js';
import { seededRandom } from './seeded-random.js';
import { toUpstream } from './http/to-upstream.js';

/** Options of the upstreams of all lanes. */
@Injectable()
export class ExternalApiOptions {
  /** By the name of the lane, the default lane first; undefined where the simulated API stands in. */
  readonly upstreams: ReadonlyMap<string, UpstreamOptions | undefined>;

  /** @throws ConfigError where an upstream cannot be used as it is set. */
  constructor({ lanes }: Configuration) {
    this.upstreams = new Map(lanes.map((lane) => [lane.name, lane.read(toUpstream)]));
  }
}

/** Options of the simulated API. */
@Injectable()
export class MockExternalApiOptions {
  /** Each id takes a random time between these two. */
  readonly delayMinMs: number;
  readonly delayMaxMs: number;
  /** The chance from 0 to 1 that an id fails. */
  readonly errorRate: number;
  /** Gives a number from 0 to just under 1; with MOCK_SEED it repeats itself. */
  readonly random: () => number;

  constructor({ variables }: Configuration) {
    this.delayMinMs = variables.MOCK_DELAY_MIN * SECOND_MS;
    this.delayMaxMs = variables.MOCK_DELAY_MAX * SECOND_MS;
    this.errorRate = variables.MOCK_ERROR_RATE;
    this.random = variables.MOCK_SEED === undefined ? Math.random : seededRandom(variables.MOCK_SEED);
  }
}
