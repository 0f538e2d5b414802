import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { DEFAULT_LANE } from '../../domain/lane.js';
import type { LaneGate } from '../dispatch/lane-worker.js';

/** Catches what no wake-up announced: ids another replica accepted, leases that ran out, a store that came back. */
const SAFETY_NET_INTERVAL_MS = 1000;

/** The gates of all lanes, side by side: the trouble of one never delays another. */
@Injectable()
export class Lanes implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  constructor(readonly gates: readonly LaneGate[]) {}

  /** The gate of whatever names no lane. */
  get default(): LaneGate {
    return this.gateOf(DEFAULT_LANE);
  }

  get names(): string[] {
    return this.gates.map(({ settings }) => settings.name);
  }

  /** Of a lane that was set; the default one for any other, such as one that is no longer in the file. */
  gateOf(lane: string): LaneGate {
    const gate = this.gates.find(({ settings }) => settings.name === lane) ?? this.gates[0];
    if (gate === undefined) {
      throw new Error('there is no lane');
    }
    return gate;
  }

  /** Tells every gate that ids may have come to wait. */
  announce(): void {
    this.gates.forEach(({ queue }) => {
      queue.announce();
    });
  }

  onApplicationBootstrap(): void {
    this.gates.forEach(({ processor }) => {
      processor.onApplicationBootstrap();
    });
  }

  /** From here on nothing more begins. */
  onModuleDestroy(): void {
    this.gates.forEach(({ processor }) => {
      processor.onModuleDestroy();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.gates.map(({ processor }) => processor.beforeApplicationShutdown()));
  }

  /** The safety net. */
  @Interval(SAFETY_NET_INTERVAL_MS)
  async keepUp(): Promise<void> {
    await Promise.all(this.gates.map(({ processor }) => processor.keepUp()));
  }
}
