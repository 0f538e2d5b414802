import { Body, Controller, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { CurrentClient } from '../security/current-client.js';
import { NeedsScope } from '../security/needs-scope.js';
import { DocumentIngest } from './dto/ingest.docs.js';
import { checkIdempotencyKey } from './dto/idempotency-key.js';
import { IngestRequest } from './dto/ingest-request.dto.js';
import { IngestRequestPipe } from './dto/ingest-request.pipe.js';
import { blocksOf } from './stream/id-blocks.js';
import { IngestResponse } from './dto/ingest-response.dto.js';
import { checkLane } from './dto/lane-name.js';
import { IngestionService } from './ingestion.service.js';
import { StreamService } from './stream/stream.service.js';

/** More ids than that are staged first: one commit of all of them would hold up everybody. */
const KEPT_AT_ONCE = 100_000;

/** Where clients hand lists over. */
@ApiTags('ingestion')
@Controller()
export class IngestionController {
  constructor(
    private readonly service: IngestionService,
    private readonly streams: StreamService,
  ) {}

  @DocumentIngest()
  @NeedsScope('submit')
  @Post('ingest')
  @HttpCode(200)
  async ingest(
    @Body(IngestRequestPipe) { ids, priority, callback_url: callbackUrl, lane }: IngestRequest,
    @CurrentClient() client: string | null,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<IngestResponse> {
    const list = {
      priority,
      lane: checkLane(lane, this.service.lanes),
      client,
      idempotencyKey: checkIdempotencyKey(key),
      callbackUrl,
    };
    const { ingestionId, replayed } =
      ids.length > KEPT_AT_ONCE
        ? await this.streams.accept({ ...list, blocks: blocksOf(ids), maxIds: ids.length })
        : await this.service.accept({ ...list, ids });
    response.setHeader('Location', `/status/${ingestionId}`);
    if (replayed) {
      response.setHeader('Idempotency-Replayed', 'true');
    }
    return { ingestion_id: ingestionId };
  }
}
