import type { LaneSettings } from '../config/lane-settings.js';
import type { ExternalApi } from './external-api.js';

/** The upstream of each lane. */
export class LaneApis {
  private readonly opened = new Map<string, ExternalApi>();

  constructor(private readonly open: (lane: LaneSettings) => ExternalApi) {}

  of(lane: LaneSettings): ExternalApi {
    const api = this.opened.get(lane.name) ?? this.open(lane);
    this.opened.set(lane.name, api);
    return api;
  }
}
