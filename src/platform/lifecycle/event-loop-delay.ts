import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

/** The sampling interval of Node.js in ms. Node.js includes it in the delay that it reports. */
const RESOLUTION_MS = 10;
const WINDOW_MS = 10_000;
const NS_PER_MS = 1e6;

/** Measures how long work waits for the event loop, over the last 10 to 20 seconds. */
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

  /** The 99th percentile of the delay in ms. */
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
