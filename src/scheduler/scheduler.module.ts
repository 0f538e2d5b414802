import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { ExternalApiModule } from '../external-api/external-api.module.js';
import { BatchProcessor } from './dispatch/batch-processor.js';
import { DispatchEvents } from './dispatch/dispatch-events.js';
import { DispatchRunner } from './dispatch/dispatch-runner.js';
import { EventLoopBudget } from './dispatch/event-loop-budget.js';
import { UpstreamCaller } from './dispatch/upstream-caller.js';
import { LaneForecast } from './dispatch/lane-forecast.js';
import { LaneHolds } from './dispatch/lane-holds.js';
import { LaneBases } from './settings/lane-bases.js';
import { LaneLifecycle } from './settings/lane-lifecycle.js';
import { MadeLanes } from './settings/made-lanes.js';
import { LaneSettings } from './settings/lane-settings.js';
import { LaneSettingsChanges } from './settings/lane-settings-changes.js';
import { LaneRegistry } from './lanes/lane-registry.js';
import { WindowTimers } from './pacing/window-timers.js';
import { PriorityQueue } from './queue/priority-queue.js';

/** Claims dispatches from the queue at the pace of each lane, calls the external API and records the outcomes. */
@Module({
  imports: [ScheduleModule.forRoot(), ExternalApiModule],
  providers: [
    PriorityQueue,
    BatchProcessor,
    LaneForecast,
    LaneHolds,
    LaneRegistry,
    LaneBases,
    LaneSettings,
    LaneSettingsChanges,
    LaneLifecycle,
    MadeLanes,
    DispatchRunner,
    UpstreamCaller,
    DispatchEvents,
    EventLoopBudget,
    WindowTimers,
  ],
  exports: [
    PriorityQueue,
    BatchProcessor,
    LaneForecast,
    LaneHolds,
    LaneRegistry,
    LaneBases,
    LaneSettings,
    LaneSettingsChanges,
    LaneLifecycle,
    DispatchRunner,
    DispatchEvents,
  ],
})
export class SchedulerModule {}
