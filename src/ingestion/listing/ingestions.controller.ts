import { Controller, Get, Logger, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ClientScopeFilter } from '../../platform/auth/current-client.decorator.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { TextStream } from '../../platform/rate-limit/text-stream.js';
import { CSV_TYPE, NDJSON_TYPE } from '../../platform/http/media-type.js';
import { parseQuery } from '../../platform/http/parse-query.js';
import { CSV_HEADER, toCsvLines, toNdjsonLines } from './dto/ingestions.lines.js';
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
    private readonly texts: TextStream,
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
    const pieces = this.exports.pieces(
      toFilter(wanted, own),
      toCursor(wanted),
      type === CSV_TYPE ? toCsvLines : toNdjsonLines,
    );
    const text = { type, head: type === CSV_TYPE ? CSV_HEADER : '', pieces };
    await this.texts.send(request, response, text, (error) => {
      this.logger.warn(`a list of ingestions was cut off: ${String(error)}`);
    });
  }
}
