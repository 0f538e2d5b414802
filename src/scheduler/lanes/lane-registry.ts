import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { DEFAULT_LANE } from '../../domain/lane.js';
import type { LaneWorker } from '../dispatch/lane-worker.js';

/** Catches what no wake-up announced: ids another replica accepted, leases that ran out, a store that came back. */
const POLL_INTERVAL_MS = 1000;

/** The gates of all lanes, side by side: the trouble of one never delays another. */
@Injectable()
export class LaneRegistry implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  constructor(readonly workers: readonly LaneWorker[]) {}

  /** The gate of whatever names no lane. */
  get default(): LaneWorker {
    return this.get(DEFAULT_LANE);
  }

  get names(): string[] {
    return this.workers.map(({ options }) => options.name);
  }

  /** Of a lane that was set; the default one for any other, such as one that is no longer in the file. */
  get(lane: string): LaneWorker {
    const gate = this.workers.find(({ options }) => options.name === lane) ?? this.workers[0];
    if (gate === undefined) {
      throw new Error('there is no lane');
    }
    return gate;
  }

  /** Tells every gate that ids may have come to wait. */
  notifyArrival(): void {
    this.workers.forEach(({ queue }) => {
      queue.notifyArrival();
    });
  }

  onApplicationBootstrap(): void {
    this.workers.forEach(({ processor }) => {
      processor.onApplicationBootstrap();
    });
  }

  /** From here on nothing more begins. */
  onModuleDestroy(): void {
    this.workers.forEach(({ processor }) => {
      processor.onModuleDestroy();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.workers.map(({ processor }) => processor.beforeApplicationShutdown()));
  }

  /** The safety net. */
  @Interval(POLL_INTERVAL_MS)
  async tick(): Promise<void> {
    await Promise.all(this.workers.map(({ processor }) => processor.tick()));
  }
}
