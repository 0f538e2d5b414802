import { Controller, Get, Logger, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { AccessMonitor } from '../../platform/auth/access-monitor.js';
import { ClientScopeFilter } from '../../platform/auth/current-client.decorator.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { LongResponseQueue } from '../../platform/http/long-response-queue.js';
import { parseQuery } from '../../platform/http/parse-query.js';
import { sendResponseText } from '../../platform/http/send-response.js';
import { OpenStreams } from '../../platform/rate-limit/open-streams.js';
import { NDJSON_TYPE } from '../results/dto/result.mapper.js';
import { startWith } from '../start-with.js';
import { CSV_HEADER, CSV_TYPE, toCsvLines, toNdjsonLines } from './dto/ingestions.lines.js';
import { toFilter, toIngestionList, toCursor } from './dto/ingestions.mapper.js';
import { ApiListIngestions } from './dto/ingestions.openapi.js';
import { IngestionsQuery } from './dto/ingestions-query.dto.js';
import { IngestionExportService } from './ingestion-export.service.js';
import { IngestionListService } from './ingestion-list.service.js';

/** Lists the ingestions of clients. */
@RequireScope('read')
@ApiTags('ingestion')
@Controller('ingestions')
export class IngestionsController {
  private readonly logger = new Logger('Ingestions');

  constructor(
    private readonly service: IngestionListService,
    private readonly exports: IngestionExportService,
    private readonly access: AccessMonitor,
    private readonly longResponses: LongResponseQueue,
    private readonly openStreams: OpenStreams,
  ) {}

  @ApiListIngestions()
  @Get()
  async list(
    @Query() query: Record<string, unknown>,
    @ClientScopeFilter() own: string | null,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const wanted = parseQuery(query, IngestionsQuery, ['label']);
    response.vary('Accept');
    const type = request.accepts('application/json', CSV_TYPE, NDJSON_TYPE);
    if (type !== CSV_TYPE && type !== NDJSON_TYPE) {
      response.json(
        toIngestionList(await this.service.list(toFilter(wanted, own), toCursor(wanted), wanted.limit)),
      );
      return;
    }
    const pieces = await this.pieces(wanted, own, type, request);
    response.type(type);
    await sendResponseText(request, response, this.access.whileValid(pieces), this.longResponses).catch(
      (error: unknown) => {
        this.logger.warn(`a list of ingestions was cut off: ${String(error)}`);
      },
    );
  }

  /** Returns the pieces of an export. The first is read at once, so that its errors have a status of their own. */
  private async pieces(
    wanted: IngestionsQuery,
    own: string | null,
    type: string,
    request: Request,
  ): Promise<AsyncIterable<string>> {
    this.openStreams.open(request);
    const write = type === CSV_TYPE ? toCsvLines : toNdjsonLines;
    const pieces = this.exports.pieces(toFilter(wanted, own), toCursor(wanted), write);
    const first = await this.longResponses.run(() => pieces.next());
    return startWith([(type === CSV_TYPE ? CSV_HEADER : '') + (first.value ?? '')], pieces);
  }
}
