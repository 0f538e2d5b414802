import { Injectable } from '@nestjs/common';
import { Configuration } from '../platform/config/configuration.js';
import { readAllowlist, type HostAllowlist } from '../platform/dns/host-allowlist.js';
import { SECOND_MS } from '../platform/config/units.js';
import type { Variables } from '../platform/config/variables.js';
import type { UpstreamOptions } from './http/upstream.options.js';
import { seededRandom } from './seeded-random.js';
import { hasMapping, toUpstream, type ReadMapping } from './http/to-upstream.js';
import { Runtime } from '../domain/runtime.js';

/** Options of the upstreams of all lanes. */
@Injectable()
export class ExternalApiOptions {
  /** The upstreams by lane, the default lane first; undefined for the simulated API. */
  readonly upstreams: ReadonlyMap<string, UpstreamOptions | undefined>;
  /** Hosts and networks that the URL of a lane may name that the API has made, although they are not public. */
  readonly madeLaneHosts: HostAllowlist;
  /** The directory of the token files of lanes that the API has made; null if there is none. */
  readonly tokenDirectory: string | null;

  /**
   * `readMapping` may be missing if no lane has a mapping.
   * @throws ConfigError if the options of an upstream are not valid.
   */
  constructor({ variables: ofService, lanes }: Configuration, readMapping: ReadMapping | null = null) {
    this.upstreams = new Map(
      lanes.map((lane) => [
        lane.name,
        lane.read((variables) => toUpstream(variables, lane.name, readMapping)),
      ]),
    );
    this.madeLaneHosts = readAllowlist('LANE_URL_ALLOW', ofService.LANE_URL_ALLOW);
    this.tokenDirectory = ofService.LANE_TOKEN_DIR ?? null;
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

/** Reads the upstream of a lane from its variables. The code of mappings is loaded only if the lane has one. */
export async function readUpstream(variables: Variables, lane: string): Promise<UpstreamOptions | undefined> {
  const mapping = hasMapping(variables) ? await import('./mapping/read-mapping.js') : null;
  return toUpstream(variables, lane, mapping?.readMapping ?? null);
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
