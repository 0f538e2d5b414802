import { Injectable } from '@nestjs/common';
import { Configuration } from '../platform/config/configuration.js';
import { SECOND_MS } from '../platform/config/units.js';
import type { UpstreamOptions } from './http/upstream.options.js';
import { seededRandom } from './seeded-random.js';
import { hasMapping, toUpstream, type ReadMapping } from './http/to-upstream.js';
import { Runtime } from '../domain/runtime.js';

/** Options of the upstreams of all lanes. */
@Injectable()
export class ExternalApiOptions {
  /** The upstreams by lane, the default lane first; undefined for the simulated API. */
  readonly upstreams: ReadonlyMap<string, UpstreamOptions | undefined>;

  /**
   * `readMapping` may be missing if no lane has a mapping.
   * @throws ConfigError if the options of an upstream are not valid.
   */
  constructor({ lanes }: Configuration, readMapping: ReadMapping | null = null) {
    this.upstreams = new Map(
      lanes.map((lane) => [
        lane.name,
        lane.read((variables) => toUpstream(variables, lane.name, readMapping)),
      ]),
    );
  }

  /**
   * Makes the options. The code of mappings is loaded only if a lane has one.
   * @throws ConfigError if the options of an upstream are not valid.
   */
  static async load(configuration: Configuration): Promise<ExternalApiOptions> {
    if (!configuration.lanes.some(({ variables }) => hasMapping(variables))) {
      return new ExternalApiOptions(configuration);
    }
    const { readMapping } = await import('./mapping/read-mapping.js');
    return new ExternalApiOptions(configuration, readMapping);
  }
}

/** Options of the simulated API. */
@Injectable()
export class MockExternalApiOptions {
  /** The minimum and maximum processing time of an id; the time is random between them. */
  readonly delayMinMs: number;
  readonly delayMaxMs: number;
  /** The probability that an id fails, from 0 to 1. */
  readonly errorRate: number;
  /** Returns a number from 0 to just under 1; with MOCK_SEED the sequence is reproducible. */
  readonly random: () => number;

  constructor({ variables }: Configuration, runtime: Runtime) {
    this.delayMinMs = variables.MOCK_DELAY_MIN * SECOND_MS;
    this.delayMaxMs = variables.MOCK_DELAY_MAX * SECOND_MS;
    this.errorRate = variables.MOCK_ERROR_RATE;
    const { MOCK_SEED: seed } = variables;
    this.random = seed === undefined ? () => runtime.random() : seededRandom(seed);
  }
}
