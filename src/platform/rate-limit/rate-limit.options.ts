import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { toLimit } from '../config/units.js';

/** Options of the rate limits. */
@Injectable()
export class RateLimitOptions {
  /** Requests per client and minute; null sets no limit. */
  readonly requestsPerMinute: number | null;
  /** Ids submitted per client and minute; null sets no limit. */
  readonly idsPerMinute: number | null;
  /** Event streams, long polls, streamed lists and long responses of one client that may be open at the same time. */
  readonly maxStreamsPerClient: number;

  constructor({ variables }: Configuration) {
    this.requestsPerMinute = toLimit(variables.RATE_LIMIT_REQUESTS);
    this.idsPerMinute = toLimit(variables.RATE_LIMIT_IDS);
    this.maxStreamsPerClient = variables.MAX_STREAMS_PER_CLIENT;
  }
}
