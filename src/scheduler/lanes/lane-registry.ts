import { Injectable } from '@nestjs/common';
import { Clock } from '../../domain/clock.js';
import { DEFAULT_LANE } from '../../domain/lane.js';
import { ExternalApiRegistry } from '../../external-api/external-api.registry.js';
import { UpstreamInstrumentation } from '../../external-api/upstream-instrumentation.js';
import { SchedulerOptions } from '../scheduler.options.js';
import { Lane } from './lane.js';

/** All configured lanes, the default lane first. */
@Injectable()
export class LaneRegistry {
  readonly lanes: readonly Lane[];

  constructor(
    options: SchedulerOptions,
    apis: ExternalApiRegistry,
    instrumentation: UpstreamInstrumentation,
    clock: Clock,
  ) {
    this.lanes = options.lanes.map(
      (lane) => new Lane(lane, instrumentation.instrument(apis.forLane(lane.name), lane.name), clock),
    );
  }

  /** Returns the lane of requests that name none. */
  get default(): Lane {
    return this.get(DEFAULT_LANE);
  }

  get names(): string[] {
    return this.lanes.map(({ name }) => name);
  }

  /** Returns the lane with this name; undefined if there is none. */
  find(name: string): Lane | undefined {
    return this.lanes.find((each) => each.name === name);
  }

  /** Returns the lane with this name, or the default lane if it is not configured any more. */
  get(name: string): Lane {
    const lane = this.find(name) ?? this.lanes[0];
    if (lane === undefined) {
      throw new Error('there is no lane');
    }
    return lane;
  }
}
