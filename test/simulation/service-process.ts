import { AuditTrail } from '../../src/platform/telemetry/audit-trail.js';
import { BatchProcessor } from '../../src/scheduler/dispatch/batch-processor.js';
import { DispatchEvents } from '../../src/scheduler/dispatch/dispatch-events.js';
import { DispatchRunner } from '../../src/scheduler/dispatch/dispatch-runner.js';
import { EventLoopBudget } from '../../src/scheduler/dispatch/event-loop-budget.js';
import { WindowTimers } from '../../src/scheduler/pacing/window-timers.js';
import { UpstreamCaller } from '../../src/scheduler/dispatch/upstream-caller.js';
import { LaneRegistry } from '../../src/scheduler/lanes/lane-registry.js';
import type { LaneSettings } from '../../src/scheduler/settings/lane-settings.js';
import { PriorityQueue } from '../../src/scheduler/queue/priority-queue.js';
import type { SchedulerOptions } from '../../src/scheduler/scheduler.options.js';
import { IngestionActionsService } from '../../src/ingestion/actions/ingestion-actions.service.js';
import type { IngestionOptions } from '../../src/ingestion/ingestion.options.js';
import { IngestionService } from '../../src/ingestion/ingestion.service.js';
import { StreamService } from '../../src/ingestion/streaming/stream.service.js';
import { DeadLettersService } from '../../src/operations/dead-letters/dead-letters.service.js';
import { ShutdownState } from '../../src/platform/lifecycle/shutdown-state.js';
import type { ExternalApi } from '../../src/external-api/external-api.js';
import type { ProcessRuntime } from './process-runtime.js';
import type { StoragePorts } from '../../src/storage/ports.js';

/** The interval that `@nestjs/schedule` gives to `BatchProcessor.tick`. */
const TICK_MS = 1000;

interface ServiceParts {
  readonly runtime: ProcessRuntime;
  readonly scheduler: SchedulerOptions;
  readonly intake: IngestionOptions;
  readonly upstreamOf: (lane: string) => ExternalApi;
  readonly store: StoragePorts;
}

/** The service in one simulated process: the real scheduler, intake and store, put together without HTTP. */
export class ServiceProcess {
  readonly queue: PriorityQueue;
  readonly lanes: LaneRegistry;
  readonly runner: DispatchRunner;
  readonly ingestions: IngestionService;
  readonly streams: StreamService;
  readonly actions: IngestionActionsService;
  readonly deadLetters: DeadLettersService;
  private readonly processor: BatchProcessor;
  private readonly shutdownState = new ShutdownState();

  constructor(readonly parts: ServiceParts) {
    const { runtime, scheduler, intake, upstreamOf } = parts;
    const { dispatches, ingestions } = this.store;
    const events = new DispatchEvents();
    const budget = new EventLoopBudget(runtime);
    this.queue = new PriorityQueue(dispatches, scheduler, runtime);
    this.lanes = new LaneRegistry(
      scheduler,
      { forLane: upstreamOf } as ConstructorParameters<typeof LaneRegistry>[1],
      { instrument: (api) => api },
      runtime,
    );
    const caller = new UpstreamCaller(runtime);
    const timers = new WindowTimers(runtime);
    this.runner = new DispatchRunner(
      dispatches,
      this.queue,
      caller,
      events,
      scheduler,
      budget,
      timers,
      runtime,
    );
    const settings = { follow: () => Promise.resolve() };
    this.processor = new BatchProcessor(
      this.lanes,
      this.queue,
      settings as unknown as LaneSettings,
      dispatches,
      this.runner,
      budget,
      timers,
      runtime,
    );
    const { shutdownState } = this;
    const callbacks = { check: (url: string) => url };
    this.ingestions = new IngestionService(
      ingestions,
      this.lanes,
      this.queue,
      shutdownState,
      intake,
      callbacks,
      runtime,
    );
    this.streams = new StreamService(this.store.staging, this.ingestions, shutdownState, runtime, intake);
    const audit = new AuditTrail(runtime);
    this.actions = new IngestionActionsService(ingestions, events, this.queue, runtime, audit);
    this.deadLetters = new DeadLettersService(
      this.store.deadLetters,
      ingestions,
      this.queue,
      this.lanes,
      runtime,
      audit,
    );
    runtime.setInterval(() => void this.processor.tick(), TICK_MS);
    this.processor.onApplicationBootstrap();
  }

  get store(): StoragePorts {
    return this.parts.store;
  }

  /** Stops as on SIGTERM. */
  async stop(): Promise<void> {
    this.shutdownState.onModuleDestroy();
    this.processor.onModuleDestroy();
    await this.processor.beforeApplicationShutdown();
  }
}
