import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { ApiCommonProblems } from '../../platform/openapi/problem-responses.js';
import { SkipRateLimit } from '../../platform/rate-limit/skip-rate-limit.decorator.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { OPENMETRICS_TYPE, PROMETHEUS_TYPE } from '../../platform/telemetry/metrics.registry.js';
import { MetricsCollector } from './metrics-collector.js';

const WANTS_OPENMETRICS = /application\/openmetrics-text/i;

/** Serves all metrics in the format of Prometheus or OpenMetrics. */
@ApiTags('operation')
@RequireScope('read') // a scraper does not need the right to pause the queue
@SkipRateLimit()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly collector: MetricsCollector) {}

  @Get()
  @ApiOperation({
    summary: 'What is measured',
    description:
      'For Prometheus: OpenMetrics where `Accept` asks for it, its older text format otherwise. Costs the same whatever ' +
      'waits. While the store is unreachable `sluice_store_up` is 0, and what only the store knows is left out.',
  })
  @ApiProduces('text/plain', 'application/openmetrics-text')
  @ApiOkResponse({
    description: 'All metrics.',
    schema: {
      type: 'string',
      example: '# TYPE sluice_waiting_ids gauge\nsluice_waiting_ids{lane="default",priority="HIGH"} 0\n',
    },
  })
  @ApiCommonProblems()
  async show(
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const format = WANTS_OPENMETRICS.test(accept ?? '') ? OPENMETRICS_TYPE : PROMETHEUS_TYPE;
    response.setHeader('Content-Type', format);
    return this.collector.render(format);
  }
}
