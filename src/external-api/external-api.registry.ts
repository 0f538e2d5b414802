import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { ConfigError } from '../platform/config/config-error.js';
import { CachedLookup } from '../platform/dns/cached-lookup.js';
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

  private open(lane: string, upstream: UpstreamOptions): ExternalApi {
    try {
      return new HttpExternalApi(upstream, this.parser, this.runtime, this.cachedLookup);
    } catch (error) {
      const tokenFile = lane === DEFAULT_LANE ? 'EXTERNAL_API_TOKEN_FILE' : `the token file of lane ${lane}`;
      const { message } = error as Error;
      throw new ConfigError(`${tokenFile} cannot be used: ${message}`, { cause: error });
    }
  }
}
