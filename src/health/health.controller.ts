import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Drain } from '../lifecycle/drain.js';
import { DrainingError } from '../lifecycle/draining-error.js';
import { ApiCommonProblems } from '../openapi/problem-responses.js';
import { Store } from '../storage/store.js';
import { Clock } from '../time/clock.js';
import { HealthResponse } from './health-response.dto.js';

/** Whether the service can do its work. */
@ApiTags('operation')
@Controller('health')
export class HealthController {
  private readonly startedAtMs: number;

  constructor(
    private readonly store: Store,
    private readonly drain: Drain,
    private readonly clock: Clock,
  ) {
    this.startedAtMs = clock.monotonicMs();
  }

  @Get()
  @ApiOperation({
    summary: 'Is the service able to do its work?',
    description: 'For load balancers and people. Any answer but 200 means: not now.',
  })
  @ApiOkResponse({ type: HealthResponse, description: 'It is.' })
  @ApiCommonProblems()
  async health(): Promise<HealthResponse> {
    if (this.drain.isDraining) {
      throw new DrainingError();
    }
    await this.store.check();
    return {
      status: 'healthy',
      service: 'sluice',
      timestamp: new Date(this.clock.wallMs()).toISOString(),
      uptime_seconds: Math.floor((this.clock.monotonicMs() - this.startedAtMs) / 1000),
      store: this.store.description,
    };
  }
}
