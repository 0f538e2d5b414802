import { Controller, Get } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ShutdownState } from '../../platform/lifecycle/shutdown-state.js';
import { ServiceStoppingError } from '../../domain/draining-error.js';
import { VERSION } from '../../platform/config/version.js';
import { ApiOpenProblems } from '../../platform/openapi/problem-responses.js';
import { LaneBases } from '../../scheduler/settings/lane-bases.js';
import { LaneMonitor } from '../queue-admin/lane-monitor.js';
import type { Lane } from '../../scheduler/lanes/lane.js';
import { LaneRegistry } from '../../scheduler/lanes/lane-registry.js';
import { AuthOptions } from '../../platform/auth/auth.options.js';
import { Public } from '../../platform/auth/require-scope.decorator.js';
import { MaintenanceRepository } from '../maintenance/maintenance.repository.js';
import { isObserver } from '../../domain/authenticated-client.js';
import { currentRequest } from '../../platform/telemetry/request-context.js';
import { Clock } from '../../domain/clock.js';
import {
  CheckResponse,
  HealthResponse,
  LaneHealthResponse,
  LiveResponse,
  ReadyResponse,
} from './dto/health-response.dto.js';
import { Readiness } from './readiness.js';
import { StoreProbe } from './store-probe.js';

/** The fields that only an operator may read. */
type HealthDetails = Omit<HealthResponse, 'status' | 'service' | 'timestamp'>;

/** Reports whether the service can do its work. */
@Public()
@ApiTags('operation')
@Controller('health')
export class HealthController {
  private readonly startedAtMs: number;

  constructor(
    private readonly maintenanceRepository: MaintenanceRepository,
    private readonly shutdownState: ShutdownState,
    private readonly clock: Clock,
    private readonly readiness: Readiness,
    private readonly laneRegistry: LaneRegistry,
    private readonly probe: StoreProbe,
    private readonly monitor: LaneMonitor,
    private readonly bases: LaneBases,
    private readonly auth: AuthOptions,
  ) {
    this.startedAtMs = clock.monotonicMs();
  }

  @Get()
  @ApiOperation({
    operationId: 'getHealth',
    summary: 'Check that the service can do its work',
    description:
      'For load balancers and people. Any status but 200 means that the service cannot work now. `degraded` ' +
      'is 200: it works, but a lane sends nothing without a known reason. The response has the result of a ' +
      'probe that is at most a second old, and costs the store nothing. With authentication, only a client with ' +
      'the scope `observe` or `admin` gets more than `status`, `service` and `timestamp`.',
  })
  @ApiOkResponse({ type: HealthResponse, description: 'The service is able to do its work.' })
  @ApiOpenProblems()
  health(): HealthResponse {
    if (this.shutdownState.isShuttingDown) {
      throw new ServiceStoppingError();
    }
    this.probe.check();
    const lanes = this.laneRegistry.lanes.map((lane) => [lane.name, this.toLane(lane)] as const);
    const isWell = lanes.every(([, { unwell_since: unwellSince }]) => unwellSince === null);
    return {
      status: isWell ? 'healthy' : 'degraded',
      service: 'sluice',
      timestamp: new Date(this.clock.wallMs()).toISOString(),
      ...(this.mayReadDetails() && this.toDetails(lanes)),
    };
  }

  private toDetails(lanes: readonly (readonly [string, LaneHealthResponse])[]): HealthDetails {
    return {
      version: VERSION,
      replicas: this.bases.replicas,
      uptime_seconds: Math.floor((this.clock.monotonicMs() - this.startedAtMs) / 1000),
      store: this.maintenanceRepository.description,
      upstream: this.laneRegistry.default.externalApi.description,
      breaker: this.laneRegistry.default.breaker.status().state,
      lanes: Object.fromEntries(lanes),
    };
  }

  @Get('live')
  @ApiOperation({
    operationId: 'getLiveness',
    summary: 'Check that the process responds',
    description:
      'For supervisors that restart a process that does not respond. An unavailable store or a shutdown does ' +
      'not change the result.',
  })
  @ApiOkResponse({ type: LiveResponse, description: 'The process responds.' })
  @ApiOpenProblems()
  live(): LiveResponse {
    return { status: 'alive' };
  }

  @Get('ready')
  @ApiOperation({
    operationId: 'getReadiness',
    summary: 'Check that the service is ready for requests',
    description:
      'For load balancers and orchestrators. A 503 lists the reasons in `errors`: the store, its migrations, ' +
      'the disk, the event loop, a shutdown. With authentication, only a client with the scope `observe` or `admin` gets the ' +
      '`message` of a check.',
  })
  @ApiExtraModels(CheckResponse)
  @ApiOkResponse({ type: ReadyResponse, description: 'The service is ready.' })
  @ApiOpenProblems()
  async ready(): Promise<ReadyResponse> {
    const { status, details } = await this.readiness.check();
    return {
      status: status === 'degraded' ? 'degraded' : 'ready',
      checks: Object.fromEntries(
        Object.entries(details).map(([name, check]) => [name, toCheckResponse(check, this.mayReadDetails())]),
      ),
    };
  }

  /** Details name paths, hosts and lanes. */
  private mayReadDetails(): boolean {
    const client = currentRequest()?.client;
    return !this.auth.isEnabled || (client !== undefined && isObserver(client));
  }

  private toLane({ name, externalApi, breaker }: Lane): LaneHealthResponse {
    const sinceMs = this.monitor.unwellSinceMs(name);
    return {
      upstream: externalApi.description,
      breaker: breaker.status().state,
      unwell_since: sinceMs === null ? null : new Date(sinceMs).toISOString(),
      settings_differ: this.bases.isDifferent(name),
    };
  }
}

function toCheckResponse(
  { status, message }: { status: string; message?: unknown },
  hasMessage: boolean,
): CheckResponse {
  return {
    status: status === 'degraded' ? 'degraded' : 'up',
    ...(hasMessage && typeof message === 'string' && { message }),
  };
}
