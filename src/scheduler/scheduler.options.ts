import { Injectable } from '@nestjs/common';
import { Configuration } from '../platform/config/configuration.js';
import { SECOND_MS } from '../platform/config/units.js';
import { AuthOptions } from '../platform/auth/auth.options.js';
import { LaneOptions } from './lanes/lane.options.js';

/** Options of the scheduler: its lanes, and the order in which ids are dispatched. */
@Injectable()
export class SchedulerOptions {
  /** The default lane first. */
  readonly lanes: readonly [LaneOptions, ...LaneOptions[]];
  /** How long a dispatch stays with a process that has stopped renewing its lease. */
  readonly leaseMs: number;
  /** Ids rise one priority after each such time waited; null keeps the order strict. */
  readonly agingMs: number | null;
  /** Clients of a priority take turns. Off without authentication: there is only one client then. */
  readonly fairShare: boolean;
  /** The answers of the upstream are stored, or the outcomes alone. */
  readonly storesResults: boolean;
  /** How long calls in flight may still take after a stop signal. */
  readonly shutdownGraceMs: number;

  constructor({ variables, lanes: [first, ...others] }: Configuration, auth: AuthOptions) {
    const toOptions = (lane: typeof first): LaneOptions =>
      lane.read((ofLane) => new LaneOptions(lane.name, ofLane));
    this.lanes = [toOptions(first), ...others.map(toOptions)];
    this.leaseMs = variables.DISPATCH_LEASE * SECOND_MS;
    this.agingMs = variables.PRIORITY_AGING === 0 ? null : variables.PRIORITY_AGING * SECOND_MS;
    this.fairShare = variables.FAIR_SHARE && auth.isEnabled;
    this.storesResults = variables.RESULTS === 'on';
    this.shutdownGraceMs = variables.SHUTDOWN_GRACE * SECOND_MS;
  }

  /** The names of all lanes, the default lane first. */
  get laneNames(): readonly string[] {
    return this.lanes.map(({ name }) => name);
  }

  /** The batch size of a lane; of the default lane where it is not configured any more. */
  batchSizeOf(lane: string): number {
    return (this.lanes.find(({ name }) => name === lane) ?? this.lanes[0]).batchSize;
  }
}
