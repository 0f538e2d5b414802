import { Injectable } from '@nestjs/common';
import { ReplaySubject, Subject, type Observable } from 'rxjs';
import { Clock } from '../../domain/clock.js';
import { DEFAULT_LANE } from '../../domain/lane.js';
import { ExternalApiRegistry } from '../../external-api/external-api.registry.js';
import { UpstreamInstrumentation } from '../../external-api/upstream-instrumentation.js';
import { SchedulerOptions } from '../scheduler.options.js';
import { Lane } from './lane.js';
import type { LaneOptions } from './lane.options.js';

/** All lanes, the default lane first. The API makes and retires lanes while the service runs. */
@Injectable()
export class LaneRegistry {
  private current: readonly Lane[] = [];
  /** Every lane that this process has had. A lane that is made again is the same object, so what is kept by its name fits. */
  private readonly known = new Map<string, Lane>();
  private readonly firstSeen = new ReplaySubject<Lane>();
  private readonly addedLanes = new Subject<Lane>();
  private readonly removedLanes = new Subject<Lane>();

  constructor(
    private readonly options: SchedulerOptions,
    private readonly apis: ExternalApiRegistry,
    private readonly instrumentation: UpstreamInstrumentation,
    private readonly clock: Clock,
  ) {
    options.lanes.forEach((lane) => {
      this.register(lane);
    });
  }

  get lanes(): readonly Lane[] {
    return this.current;
  }

  /** Emits each lane once, also those that are there already. */
  get created(): Observable<Lane> {
    return this.firstSeen;
  }

  /** Emits a lane that was made while the service runs. It may be one that was retired before. */
  get added(): Observable<Lane> {
    return this.addedLanes;
  }

  /** Emits a lane that was retired. */
  get removed(): Observable<Lane> {
    return this.removedLanes;
  }

  /** Returns the lane of requests that name none. */
  get default(): Lane {
    return this.get(DEFAULT_LANE);
  }

  get names(): string[] {
    return this.current.map(({ name }) => name);
  }

  /** Returns the names of the lanes that take new lists. */
  get acceptingNames(): string[] {
    return this.current.filter(({ isRetiring }) => !isRetiring).map(({ name }) => name);
  }

  /** Returns the lane with this name; undefined if there is none. */
  find(name: string): Lane | undefined {
    return this.current.find((each) => each.name === name);
  }

  /** Returns the lane with this name, or the default lane if it is not configured any more. */
  get(name: string): Lane {
    const lane = this.find(name) ?? this.current[0];
    if (lane === undefined) {
      throw new Error('there is no lane');
    }
    return lane;
  }

  /** Adds a lane that the API has made, with the upstream that `ExternalApiRegistry` has for it. */
  add(options: LaneOptions): Lane {
    const lane = this.register(options);
    this.options.add(lane.options);
    this.addedLanes.next(lane);
    return lane;
  }

  /** Removes a lane that the API has retired. */
  remove(name: string): void {
    const lane = this.find(name);
    if (lane !== undefined) {
      this.current = this.current.filter((each) => each !== lane);
      this.options.remove(name);
      this.removedLanes.next(lane);
    }
  }

  /** Sends later calls of a lane to the upstream that `ExternalApiRegistry` has for it now. */
  replaceUpstream(lane: Lane): void {
    lane.useUpstream(this.upstreamOf(lane.name));
  }

  private register(options: LaneOptions): Lane {
    const known = this.known.get(options.name);
    if (known !== undefined) {
      known.options.replace(options);
      known.useUpstream(this.upstreamOf(options.name));
      this.current = [...this.current, known];
      return known;
    }
    const lane = new Lane(options, this.upstreamOf(options.name), this.clock);
    this.known.set(lane.name, lane);
    this.current = [...this.current, lane];
    this.firstSeen.next(lane);
    return lane;
  }

  private upstreamOf(lane: string): ReturnType<UpstreamInstrumentation['instrument']> {
    return this.instrumentation.instrument(this.apis.forLane(lane), lane);
  }
}
