import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

/** How often Node.js looks, in ms; it counts this as delay. */
const RESOLUTION_MS = 10;
const WINDOW_MS = 10_000;
const NS_PER_MS = 1e6;

/** How long work waits for the event loop, of the last ten to twenty seconds. */
@Injectable()
export class EventLoopDelay implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private previousP99Ms = 0;

  onApplicationBootstrap(): void {
    this.histogram.enable();
  }

  onApplicationShutdown(): void {
    this.histogram.disable();
  }

  /** 99 of 100 looks came no later than this. */
  get p99Ms(): number {
    return Math.max(this.previousP99Ms, this.currentP99Ms());
  }

  @Interval(WINDOW_MS)
  startWindow(): void {
    this.previousP99Ms = this.currentP99Ms();
    this.histogram.reset();
  }

  private currentP99Ms(): number {
    return Math.max(0, this.histogram.percentile(99) / NS_PER_MS - RESOLUTION_MS);
  }
}
