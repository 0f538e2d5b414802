import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { ConfigError } from '../platform/config/config-error.js';
import { CachedLookup, type HostLookup } from '../platform/dns/cached-lookup.js';
import { GuardedLookup, type IsAddressAllowed } from '../platform/dns/guarded-lookup.js';
import { DEFAULT_LANE } from '../domain/lane.js';
import { LaneUpstreams } from './lane-upstreams.js';
import { Runtime } from '../domain/runtime.js';
import { ResponseParser } from './http/response-parser.js';
import { ExternalApiOptions } from './external-api.options.js';
import type { ExternalApi } from './external-api.js';
import { HttpExternalApi } from './http/http-external-api.js';
import type { UpstreamOptions } from './http/upstream.options.js';
import { MockExternalApi } from './mock-external-api.js';

/**
 * Holds the upstream of each lane: the one that the application gives, else a real one if a URL is configured, else the
 * simulated API.
 */
@Injectable()
export class ExternalApiRegistry {
  private readonly apis = new Map<string, ExternalApi>();

  /** @throws ConfigError if an upstream cannot be opened with its options. */
  constructor(
    { upstreams }: ExternalApiOptions,
    private readonly mock: MockExternalApi,
    private readonly parser: ResponseParser,
    private readonly cachedLookup: CachedLookup,
    private readonly given: LaneUpstreams,
    private readonly runtime: Runtime,
  ) {
    const opened: { readonly upstream: UpstreamOptions; readonly api: ExternalApi }[] = [];
    for (const [lane, upstream] of upstreams) {
      if (upstream !== undefined) {
        // Lanes with the same upstream share its connections.
        const shared = opened.find((each) => isDeepStrictEqual(each.upstream, upstream));
        const api = shared?.api ?? this.open(lane, upstream);
        opened.push({ upstream, api });
        this.apis.set(lane, api);
      }
    }
  }

  /** The upstream of the default lane. */
  get default(): ExternalApi {
    return this.forLane(DEFAULT_LANE);
  }

  forLane(lane: string): ExternalApi {
    return this.given.get(lane) ?? this.apis.get(lane) ?? this.mock;
  }

  /**
   * Opens the upstream of a lane that the API makes. It connects only to the addresses that `isAllowed` lets pass; null
   * lets all pass. It connects to nothing yet.
   * @throws ConfigError if it cannot be opened with its options
   */
  openMade(lane: string, upstream: UpstreamOptions, isAllowed: IsAddressAllowed | null): ExternalApi {
    const { cachedLookup } = this;
    return this.open(
      lane,
      upstream,
      isAllowed === null ? cachedLookup : new GuardedLookup(cachedLookup, isAllowed),
    );
  }

  /** Gives a lane that the API has made this upstream; undefined gives it the simulated API. */
  install(lane: string, api: ExternalApi | undefined): void {
    if (api === undefined) {
      this.apis.delete(lane);
    } else {
      this.apis.set(lane, api);
    }
  }

  private open(lane: string, upstream: UpstreamOptions, lookup: HostLookup = this.cachedLookup): ExternalApi {
    try {
      return new HttpExternalApi(upstream, this.parser, this.runtime, lookup);
    } catch (error) {
      const tokenFile = lane === DEFAULT_LANE ? 'EXTERNAL_API_TOKEN_FILE' : `the token file of lane ${lane}`;
      const { message } = error as Error;
      throw new ConfigError(`${tokenFile} cannot be used: ${message}`, { cause: error });
    }
  }
}
