import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { FailureLog } from '../../platform/logging/failure-log.js';
import { LaneRegistry } from '../lanes/lane-registry.js';
import { LaneSettings } from '../settings/lane-settings.js';
import { PriorityQueue } from '../queue/priority-queue.js';
import { QueueRepository } from '../queue/queue.repository.js';
import { dispatchLogLine } from './dispatch-log.js';
import { DispatchRunner } from './dispatch-runner.js';
import { EventLoopBudget } from './event-loop-budget.js';
import { WindowTimers } from '../pacing/window-timers.js';
import { LaneWorker } from './lane-worker.js';
import { Runtime } from '../../domain/runtime.js';

/** Interval that finds what no hint announced: ids of another replica, expired leases, a store that came back. */
const POLL_INTERVAL_MS = 1000;
/** Maximum number of lanes that look for ids in one interval. With more, lanes take turns, so the work of idle ones is bounded. */
const MAX_POLLED_LANES = 100;

/** Runs the dispatches of all lanes. Each lane has its own worker, so that a problem of one lane never delays another. */
@Injectable()
export class BatchProcessor implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('BatchProcessor');
  private readonly leaseFailures: FailureLog;
  private readonly workers = new Map<string, LaneWorker>();
  private isStopped = true;
  private nextPolled = 0;

  constructor(
    private readonly registry: LaneRegistry,
    queue: PriorityQueue,
    settings: LaneSettings,
    private readonly repository: QueueRepository,
    private readonly runner: DispatchRunner,
    eventLoop: EventLoopBudget,
    timers: WindowTimers,
    private readonly runtime: Runtime,
  ) {
    this.leaseFailures = new FailureLog(runtime, this.logger, 'error', 'leases not looked after');
    const shared = { queue, settings, repository, runner, eventLoop, timers, runtime, logger: this.logger };
    registry.created.subscribe((lane) => {
      this.workers.set(lane.name, new LaneWorker(lane, shared));
    });
    registry.added.subscribe(({ name }) => {
      this.startLater(name);
    });
    registry.removed.subscribe(({ name }) => {
      this.workers.get(name)?.stop();
    });
  }

  onApplicationBootstrap(): void {
    this.isStopped = false;
    this.running().forEach((worker) => {
      worker.start();
    });
    void this.tick();
  }

  /** Starts no further dispatch. */
  onModuleDestroy(): void {
    this.isStopped = true;
    this.workers.forEach((worker) => {
      worker.stop();
    });
  }

  /**
   * Waits for the calls in flight, and releases the dispatches that do not end within the grace period. Meanwhile it renews
   * their leases, because {@link tick} is not called any more: otherwise another process would send their ids again.
   */
  async beforeApplicationShutdown(): Promise<void> {
    const renewing = this.runtime.setInterval(() => {
      void this.lookAfterLeases(() => this.runner.renewLeases());
    }, POLL_INTERVAL_MS);
    try {
      await Promise.all([...this.workers.values()].map((worker) => worker.idle()));
      await this.runner.drain();
    } finally {
      this.runtime.clearInterval(renewing);
    }
  }

  /** Renews the leases of this process, reclaims those that expired, and lets lanes claim. */
  @Interval(POLL_INTERVAL_MS)
  async tick(): Promise<void> {
    if (this.isStopped) {
      return;
    }
    await this.lookAfterLeases(async () => {
      await this.runner.renewLeases();
      for (const dispatchId of await this.repository.reclaimExpired()) {
        this.logger.warn(dispatchLogLine({ dispatchId }, ': its lease ran out; its ids are sent again'));
      }
    });
    this.pollLanes();
  }

  private async lookAfterLeases(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.leaseFailures.succeeded();
    } catch (error) {
      this.leaseFailures.failed(() => `leases not looked after, trying again: ${String(error)}`);
    }
  }

  /** Starts the worker of a lane that was made while the service runs. */
  private startLater(name: string): void {
    const worker = this.workers.get(name);
    if (!this.isStopped && worker !== undefined) {
      worker.start();
      worker.wake();
    }
  }

  /** Returns the workers of the lanes that are there now. */
  private running(): LaneWorker[] {
    return this.registry.lanes.flatMap(({ name }) => this.workers.get(name) ?? []);
  }

  private pollLanes(): void {
    const workers = this.running();
    const { nextPolled } = this;
    const turns = [...workers.slice(nextPolled), ...workers.slice(0, nextPolled)];
    for (const worker of turns.slice(0, MAX_POLLED_LANES)) {
      worker.wake();
    }
    this.nextPolled = (nextPolled + MAX_POLLED_LANES) % workers.length;
  }
}
