import { Controller, Headers, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { HttpServerOptions } from '../../platform/http/http-server.options.js';
import { parseQuery } from '../../platform/http/parse-query.js';
import { readBodyStream, drainRequest } from '../../platform/http/request-body-stream.js';
import { ShutdownState } from '../../platform/lifecycle/shutdown-state.js';
import { ConnectionMetrics } from '../../platform/telemetry/connection-metrics.js';
import { OpenStreams } from '../../platform/rate-limit/open-streams.js';
import { IdRateLimiter } from '../../platform/rate-limit/id-rate-limiter.js';
import { CurrentClient } from '../../platform/auth/current-client.decorator.js';
import { AccessMonitor } from '../../platform/auth/access-monitor.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { IngestionOptions } from '../ingestion.options.js';
import { setAcceptanceHeaders } from '../dto/acceptance-headers.js';
import { assertIdempotencyKey } from '../dto/idempotency-key.validator.js';
import { toGivenTime } from '../dto/given-time.validator.js';
import { toLabels } from '../dto/labels.validator.js';
import { assertLane } from '../dto/lane.validator.js';
import { parserFor } from './dto/select-parser.js';
import { StreamQuery } from './dto/stream-query.dto.js';
import { StreamResponse } from './dto/stream-response.dto.js';
import { ApiStream } from './dto/stream.openapi.js';
import type { IdStreamParser } from './id-stream-parser.js';
import { StreamService } from './stream.service.js';
import { Runtime } from '../../domain/runtime.js';

/** Accepts streamed ingestions of any length. */
@ApiTags('ingestion')
@Controller()
export class StreamController {
  constructor(
    private readonly service: StreamService,
    private readonly shutdownState: ShutdownState,
    private readonly idRateLimiter: IdRateLimiter,
    private readonly metrics: ConnectionMetrics,
    private readonly options: IngestionOptions,
    private readonly runtime: Runtime,
    private readonly access: AccessMonitor,
    private readonly openStreams: OpenStreams,
    private readonly server: HttpServerOptions,
  ) {}

  @ApiStream()
  @RequireScope('submit')
  @Post('ingest/stream')
  @HttpCode(200)
  async ingestStream(
    @Query() query: Record<string, unknown>,
    @CurrentClient() client: string | null,
    @Headers('idempotency-key') key: string | undefined,
    @Headers('x-callback-url') callbackUrl: string | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamResponse> {
    try {
      const {
        priority,
        column,
        lane,
        label,
        units,
        not_before: notBefore,
        expires_at: expiresAt,
      } = parseQuery(query, StreamQuery, ['label']);
      this.openStreams.open(request);
      const reader = parserFor(request.headers['content-type'] ?? '', column);
      const { ingestionId, replayed, total } = await this.metrics.trackStream(() =>
        this.service.accept({
          blocks: this.access.whileValid(
            this.idRateLimiter.consumeStream(
              request,
              response,
              parseBlocks(
                readBodyStream(request, {
                  signal: this.shutdownState.signal,
                  runtime: this.runtime,
                  maxBytes: this.options.maxStreamBytes,
                }),
                reader,
              ),
            ),
          ),
          priority,
          lane: assertLane(lane, this.service.laneNames),
          client,
          idempotencyKey: assertIdempotencyKey(key),
          callbackUrl,
          labels: toLabels(label),
          units,
          notBefore: toGivenTime(notBefore),
          expiresAt: toGivenTime(expiresAt),
        }),
      );
      setAcceptanceHeaders(response, this.server.publicPath, { ingestionId, replayed });
      return { ingestion_id: ingestionId, total };
    } catch (error) {
      await drainRequest(request, this.runtime);
      throw error;
    }
  }
}

async function* parseBlocks(
  pieces: AsyncIterable<Uint8Array>,
  reader: IdStreamParser,
): AsyncGenerator<Uint8Array, void> {
  for await (const piece of pieces) {
    yield* reader.parse(piece);
  }
  yield* reader.end();
}
