import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import {
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import { DomainError, type FieldError } from '../../domain/domain-error.js';
import { ShutdownState } from '../../platform/lifecycle/shutdown-state.js';
import { EventLoopDelay } from '../../platform/lifecycle/event-loop-delay.js';
import { LaneMonitor } from '../queue-admin/lane-monitor.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';
import { StoreLostError } from '../../domain/store-errors.js';
import { MaintenanceRepository, type StoreStatus } from '../maintenance/maintenance.repository.js';
import { StoreProbe } from './store-probe.js';

const MIB = 1024 * 1024;
/** Below this the store is not ready: its WAL may grow to this size before a checkpoint. */
const MIN_FREE_BYTES = 64 * MIB;
const LOW_FREE_BYTES = 1024 * MIB;
const MAX_LOOP_DELAY_MS = 1000;

/** The response reveals no internals, like the response of any other endpoint. */
const UNAVAILABLE = 'the store is unavailable';

type Session = ReturnType<HealthIndicatorService['check']>;

/** The service should receive no requests now. */
export class NotReadyError extends DomainError {
  override readonly kind = 'unavailable';
  override readonly name = 'NotReadyError';

  constructor(fields: readonly FieldError[]) {
    super(`not ready: ${fields.map(({ field, message }) => `${field}: ${message}`).join('; ')}`, {
      fields,
      retryAfterSeconds: 1,
    });
  }
}

/** Checks whether the service should receive requests, and if not, why. */
@Injectable()
export class Readiness {
  constructor(
    private readonly checks: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly maintenanceRepository: MaintenanceRepository,
    private readonly probe: StoreProbe,
    private readonly monitor: LaneMonitor,
    private readonly options: SchedulerOptions,
    private readonly shutdownState: ShutdownState,
    private readonly loopDelay: EventLoopDelay,
  ) {}

  /**
   * Runs all checks.
   * @throws NotReadyError
   */
  async check(): Promise<HealthCheckResult> {
    try {
      return await this.checks.check([
        () => this.shutdownCheck(),
        () => this.storeCheck(),
        () => this.schemaCheck(),
        () => this.diskCheck(),
        () => this.loopCheck(),
        () => this.lanesCheck(),
      ]);
    } catch (error) {
      throw error instanceof ServiceUnavailableException ? toNotReady(error) : error;
    }
  }

  private async shutdownCheck(): Promise<HealthIndicatorResult> {
    const session = this.indicators.check('drain');
    return this.shutdownState.isShuttingDown ? session.down('the service is stopping') : session.up();
  }

  private async storeCheck(): Promise<HealthIndicatorResult> {
    const session = this.indicators.check('store');
    try {
      this.probe.check();
      return session.up({ message: this.maintenanceRepository.description });
    } catch (error) {
      return session.down(error instanceof StoreLostError ? error.detail : UNAVAILABLE);
    }
  }

  private async schemaCheck(): Promise<HealthIndicatorResult> {
    return this.storeStatusCheck('schema', (session, { schemaVersion, knownSchemaVersion }) => {
      const versions = `version ${String(schemaVersion)}, this program knows ${String(knownSchemaVersion)}`;
      if (schemaVersion < knownSchemaVersion) {
        return session.down(versions);
      }
      return schemaVersion > knownSchemaVersion
        ? session.degraded(versions)
        : session.up({ message: versions });
    });
  }

  private async diskCheck(): Promise<HealthIndicatorResult> {
    return this.storeStatusCheck('disk', (session, { freeBytes }) => {
      if (freeBytes === null) {
        return session.up({ message: 'the store is on another machine' });
      }
      const message = `${String(Math.floor(freeBytes / MIB))} MiB free`;
      if (freeBytes < MIN_FREE_BYTES) {
        return session.down(message);
      }
      return freeBytes < LOW_FREE_BYTES ? session.degraded(message) : session.up({ message });
    });
  }

  private async loopCheck(): Promise<HealthIndicatorResult> {
    const session = this.indicators.check('event_loop');
    const { p99Ms } = this.loopDelay;
    const message = `delayed by ${String(Math.round(p99Ms))} ms`;
    return p99Ms > MAX_LOOP_DELAY_MS ? session.down(message) : session.up({ message });
  }

  /** A lane that is unwell only degrades the service: it must not remove every replica from a load balancer. */
  private async lanesCheck(): Promise<HealthIndicatorResult> {
    const session = this.indicators.check('lanes');
    const unwell = this.options.laneNames.flatMap((lane) => {
      const sinceMs = this.monitor.unwellSinceMs(lane);
      return sinceMs === null ? [] : [`${lane} sends nothing since ${new Date(sinceMs).toISOString()}`];
    });
    return unwell.length === 0 ? session.up() : session.degraded(unwell.join('; '));
  }

  private storeStatusCheck(
    name: string,
    judge: (session: Session, condition: StoreStatus) => HealthIndicatorResult,
  ): HealthIndicatorResult {
    const session = this.indicators.check(name);
    let condition: StoreStatus;
    try {
      condition = this.probe.condition();
    } catch {
      return session.down(UNAVAILABLE);
    }
    return judge(session, condition);
  }
}

function toNotReady(error: ServiceUnavailableException): NotReadyError {
  const { error: failed = {} } = error.getResponse() as HealthCheckResult;
  return new NotReadyError(
    Object.entries(failed).map(([field, result]) => ({ field, message: String(result?.['message']) })),
  );
}
