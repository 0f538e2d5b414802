import { Injectable } from '@nestjs/common';
import { Configuration } from '../config/configuration.js';
import { toLimit } from '../config/units.js';

/** Options of the limits of a client a minute. */
@Injectable()
export class RateLimitOptions {
  /** Requests of one client a minute; null sets no limit. */
  readonly requestsPerMinute: number | null;
  /** Ids that one client submits a minute; null sets no limit. */
  readonly idsPerMinute: number | null;

  constructor({ variables }: Configuration) {
    this.requestsPerMinute = toLimit(variables.RATE_LIMIT_REQUESTS);
    this.idsPerMinute = toLimit(variables.RATE_LIMIT_IDS);
  }
}
