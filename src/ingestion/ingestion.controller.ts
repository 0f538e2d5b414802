import { Body, Controller, Headers, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { HttpServerOptions } from '../platform/http/http-server.options.js';
import { parseQuery } from '../platform/http/parse-query.js';
import { sendJson } from '../platform/http/send-response.js';
import { IdRateLimiter } from '../platform/rate-limit/id-rate-limiter.js';
import { CurrentClient } from '../platform/auth/current-client.decorator.js';
import { RequireScope } from '../platform/auth/require-scope.decorator.js';
import { ApiIngest } from './dto/ingest.openapi.js';
import { setAcceptanceHeaders } from './dto/acceptance-headers.js';
import { toGivenTime } from './dto/given-time.validator.js';
import { assertIdempotencyKey } from './dto/idempotency-key.validator.js';
import { IngestQuery } from './dto/ingest-query.dto.js';
import { IngestRequest } from './dto/ingest-request.dto.js';
import { IngestRequestPipe } from './dto/ingest-request.pipe.js';
import { IngestResponse } from './dto/ingest-response.dto.js';
import { assertLane } from './dto/lane.validator.js';
import type { OutlookResponse } from './status/dto/status-response.dto.js';
import { toEstimateFields } from './status/dto/status.mapper.js';
import { EstimateService } from './estimate/estimate.service.js';
import { IngestionIntake } from './ingestion-intake.js';
import { IngestionService } from './ingestion.service.js';

/** Accepts ingestions of clients. */
@ApiTags('ingestion')
@Controller()
export class IngestionController {
  constructor(
    private readonly service: IngestionService,
    private readonly intake: IngestionIntake,
    private readonly estimates: EstimateService,
    private readonly idRateLimiter: IdRateLimiter,
    private readonly server: HttpServerOptions,
  ) {}

  @ApiIngest()
  @RequireScope('submit')
  @Post('ingest')
  @HttpCode(200)
  async ingest(
    @Body(IngestRequestPipe)
    {
      ids,
      priority,
      callback_url: callbackUrl,
      lane: givenLane,
      labels,
      units,
      not_before: notBefore,
      expires_at: expiresAt,
    }: IngestRequest,
    @CurrentClient() client: string | null,
    @Headers('idempotency-key') key: string | undefined,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const lane = assertLane(givenLane, this.service.laneNames);
    this.service.checkUnits({ lane, priority, units });
    if (parseQuery(query, IngestQuery).dry_run === 'true') {
      const times = { notBefore: toGivenTime(notBefore), expiresAt: toGivenTime(expiresAt) };
      const outlook: OutlookResponse = toEstimateFields(
        await this.estimates.forNew(lane, priority, ids.length, times),
      );
      sendJson(response, JSON.stringify(outlook));
      return;
    }
    const submission = {
      priority,
      lane,
      client,
      idempotencyKey: assertIdempotencyKey(key),
      callbackUrl,
      labels,
      units,
      notBefore: toGivenTime(notBefore),
      expiresAt: toGivenTime(expiresAt),
    };
    await this.idRateLimiter.consume(request, response, ids.length);
    const { ingestionId, replayed } = await this.intake.submit(ids, submission);
    setAcceptanceHeaders(response, this.server.publicPath, { ingestionId, replayed });
    const body: IngestResponse = { ingestion_id: ingestionId };
    sendJson(response, JSON.stringify(body));
  }
}
