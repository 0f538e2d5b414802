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
    operationId: 'getMetrics',
    summary: 'Get the metrics for Prometheus',
    description:
      'OpenMetrics if `Accept` asks for it, the older text format of Prometheus otherwise. The cost does not ' +
      'grow with the queue. While the store is unavailable `sluice_store_up` is 0, and metrics that are read ' +
      'from the store are left out.',
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
