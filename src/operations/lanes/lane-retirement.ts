import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { runSteps } from '../../domain/run-steps.js';
import { Runtime } from '../../domain/runtime.js';
import { IngestionRepository } from '../../ingestion/ingestion.repository.js';
import { FailureLog } from '../../platform/logging/failure-log.js';
import { DispatchEvents } from '../../scheduler/dispatch/dispatch-events.js';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import type { Lane } from '../../scheduler/lanes/lane.js';
import { QueueRepository } from '../../scheduler/queue/queue.repository.js';
import { LaneLifecycle } from '../../scheduler/settings/lane-lifecycle.js';
import { LaneNotEmptyError, LaneNotMadeError } from '../../scheduler/settings/lane-settings-errors.js';
import type { RetireMode } from '../../scheduler/settings/lane-settings.repository.js';
import type { CurrentSettings } from '../../scheduler/settings/current-settings.js';
import { LaneSettings } from '../../scheduler/settings/lane-settings.js';
import { QueueAdminRepository } from '../queue-admin/queue-admin.repository.js';

const POLL_INTERVAL_MS = 1000;
/** Time for which this process, or another replica, may still accept a list that began before. */
const ACCEPTING_MS = 2000;
const SHARED_ACCEPTING_MS = 15_000;
/** Lists that one step cancels, and retries of one of them that one transaction cancels. */
const LISTS_PER_STEP = 100;
const RETRIES_PER_STEP = 1000;

/** Retires lanes that the API has made: deals with the pending ids, and removes the lane once there are none. */
@Injectable()
export class LaneRetirement {
  private readonly logger = new Logger('LaneRetirement');
  private readonly failures: FailureLog;
  private isRunning = false;
  /** Monotonic time in ms since when this process knows that a lane is being retired. */
  private readonly sinceMs = new Map<string, number>();

  constructor(
    private readonly lifecycle: LaneLifecycle,
    private readonly settings: LaneSettings,
    private readonly registry: LaneRegistry,
    private readonly store: QueueAdminRepository,
    private readonly ingestions: IngestionRepository,
    private readonly queue: QueueRepository,
    private readonly events: DispatchEvents,
    private readonly runtime: Runtime,
  ) {
    this.failures = new FailureLog(runtime, this.logger, 'warn', 'lanes are not retired');
  }

  /**
   * Begins to retire a lane. With `refuse`, a list that is accepted at the same moment is sent first.
   * @throws LaneNotEmptyError if ids are pending and `pending` is `refuse`; UnknownLaneError; LaneNotMadeError
   */
  async begin(name: string, pending: RetireMode): Promise<CurrentSettings> {
    const { configuration } = await this.settings.read(name);
    if (!configuration.isMade) {
      throw new LaneNotMadeError(name);
    }
    if (pending === 'refuse' && !(await this.isEmpty(name))) {
      throw new LaneNotEmptyError(name);
    }
    return this.lifecycle.retire(name, pending === 'cancel' ? 'cancel' : 'drain');
  }

  /** Goes on with all lanes that are being retired; never rejects. */
  @Interval(POLL_INTERVAL_MS)
  async poll(): Promise<void> {
    if (this.isRunning) {
      return;
    }
    this.isRunning = true;
    try {
      for (const lane of this.registry.lanes.filter(({ isRetiring }) => isRetiring)) {
        await this.goOn(lane);
      }
      this.failures.succeeded();
    } catch (error) {
      this.failures.failed(() => `lanes are not retired, trying again: ${String(error)}`);
    } finally {
      this.isRunning = false;
    }
  }

  private async goOn({ name }: Lane): Promise<void> {
    const nowMs = this.runtime.monotonicMs();
    const sinceMs = this.sinceMs.get(name) ?? nowMs;
    this.sinceMs.set(name, sinceMs);
    const { document } = await this.settings.read(name);
    if (document.made?.pending === 'cancel') {
      await this.cancelSome(name);
    }
    const acceptingMs = this.queue.sharing.isShared ? SHARED_ACCEPTING_MS : ACCEPTING_MS;
    if (nowMs - sinceMs >= acceptingMs && (await this.isEmpty(name))) {
      await this.lifecycle.finish(name);
      this.sinceMs.delete(name);
    }
  }

  private async cancelSome(name: string): Promise<void> {
    const ingestionIds = await this.store.unsentIngestions(name, LISTS_PER_STEP);
    for (const ingestionId of ingestionIds) {
      await runSteps(this.runtime, () => this.ingestions.cancelStep(ingestionId, RETRIES_PER_STEP));
    }
    this.events.emitChanged(ingestionIds);
  }

  private async isEmpty(name: string): Promise<boolean> {
    const [unsent, { inFlight }] = await Promise.all([
      this.store.unsentIngestions(name, 1),
      this.store.stats(name),
    ]);
    return unsent.length === 0 && inFlight === 0;
  }
}
