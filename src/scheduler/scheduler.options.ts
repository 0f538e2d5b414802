import { Injectable } from '@nestjs/common';
import { Configuration } from '../platform/config/configuration.js';
import { SECOND_MS } from '../platform/config/units.js';
import { AuthOptions } from '../platform/auth/auth.options.js';
import { LaneOptions } from './lanes/lane.options.js';

/** Options of the scheduler: its lanes, and the order in which ids are dispatched. */
@Injectable()
export class SchedulerOptions {
  /** All lanes, the default lane first. The API makes and retires lanes while the service runs. */
  lanes: readonly [LaneOptions, ...LaneOptions[]];
  /** Time after which a dispatch is reclaimed from a process that no longer renews its lease. */
  readonly leaseMs: number;
  /** Ids rise by one priority after each such interval of waiting; null keeps the order strict. */
  readonly agingMs: number | null;
  /** If true, clients of a priority take turns. Without authentication it is off: there is only one client. */
  readonly fairShare: boolean;
  /** If true, the data of the upstream is stored with the outcomes. */
  readonly storesResults: boolean;
  /** Time that calls in flight have to end after a stop signal. */
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

  /** Adds the options of a lane that the API has made. */
  add(lane: LaneOptions): void {
    this.lanes = [...this.lanes, lane];
  }

  /** Removes the options of a lane that the API has retired. */
  remove(name: string): void {
    const [first, ...others] = this.lanes;
    this.lanes = [first, ...others.filter((lane) => lane.name !== name)];
  }

  /** Returns the names of all lanes, the default lane first. */
  get laneNames(): readonly string[] {
    return this.lanes.map(({ name }) => name);
  }

  /** Returns the batch size of a lane, or of the default lane if it is not configured any more. */
  batchSizeOf(lane: string): number {
    return (this.lanes.find(({ name }) => name === lane) ?? this.lanes[0]).batchSize;
  }
}
