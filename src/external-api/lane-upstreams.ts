import { Injectable } from '@nestjs/common';
import type { ExternalApi } from './external-api.js';

/**
 * The upstreams that an application around the service gives to its lanes, by lane. They go before the configured ones.
 * It is empty in a service of its own.
 */
@Injectable()
export class LaneUpstreams extends Map<string, ExternalApi> {}
