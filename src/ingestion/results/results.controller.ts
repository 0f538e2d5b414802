import { Controller, Get, Logger, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ProblemDetailsError } from '../../platform/http/problem-details.js';
import { parseQuery } from '../../platform/http/parse-query.js';
import { sendResponseText } from '../../platform/http/send-response.js';
import { AccessMonitor } from '../../platform/auth/access-monitor.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { MAX_PAGE_SIZE, ResultQuery } from './dto/result-query.dto.js';
import { NDJSON_TYPE, writeLines, writePage } from './dto/result.mapper.js';
import { ApiResults } from './dto/results.openapi.js';
import { ResultService } from './result.service.js';

/** Returns the results of ids to clients. */
@RequireScope('read')
@ApiTags('ingestion')
@Controller()
export class ResultsController {
  private readonly logger = new Logger('Results');

  constructor(
    private readonly service: ResultService,
    private readonly access: AccessMonitor,
  ) {}

  @ApiResults()
  @Get('ingestions/:ingestion_id/results')
  async results(
    @Param('ingestion_id') ingestionId: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { limit, after, status } = parseQuery(query, ResultQuery);
    if (!this.service.storesResults) {
      throw new ProblemDetailsError(404, 'results are not kept here: RESULTS is off');
    }
    const from = Number(after ?? 0);
    response.vary('Accept');
    const areLinesWanted = request.accepts('application/json', NDJSON_TYPE) === NDJSON_TYPE;
    const atOnce = areLinesWanted ? MAX_PAGE_SIZE : limit;
    const first = await this.service.page(ingestionId, from, atOnce, status);
    response.type(areLinesWanted ? NDJSON_TYPE : 'json');
    const pieces = areLinesWanted
      ? this.access.whileValid(writeLines(first, this.service.pagesAfter(ingestionId, first, atOnce, status)))
      : [writePage(first)];
    await sendResponseText(request, response, pieces).catch((error: unknown) => {
      this.logger.warn({
        msg: `results of ${ingestionId} were cut off: ${String(error)}`,
        ingestion_id: ingestionId,
      });
    });
  }
}
