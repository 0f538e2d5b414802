import { Injectable } from '@nestjs/common';
import type { ExternalApi } from './external-api.js';

/**
 * The upstreams that an application around the service gives to its lanes, by lane. They replace the configured ones.
 * The map is empty in a standalone service.
 */
@Injectable()
export class LaneUpstreams extends Map<string, ExternalApi> {}
