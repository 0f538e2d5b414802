import { Controller, Get, Logger, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ProblemDetailsError } from '../../platform/http/problem-details.js';
import { LongResponseQueue } from '../../platform/http/long-response-queue.js';
import { parseQuery } from '../../platform/http/parse-query.js';
import { sendResponseText } from '../../platform/http/send-response.js';
import type { Status } from '../../domain/batch-status.js';
import { AccessMonitor } from '../../platform/auth/access-monitor.js';
import { OpenStreams } from '../../platform/rate-limit/open-streams.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { startWith } from '../start-with.js';
import { MAX_PAGE_SIZE, ResultQuery } from './dto/result-query.dto.js';
import { NDJSON_TYPE, toLines, writePage } from './dto/result.mapper.js';
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
    private readonly longResponses: LongResponseQueue,
    private readonly openStreams: OpenStreams,
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
    const pieces = areLinesWanted
      ? this.access.whileValid(await this.lines(ingestionId, from, status, request))
      : [writePage(await this.service.page(ingestionId, from, limit, status))];
    response.type(areLinesWanted ? NDJSON_TYPE : 'json');
    await sendResponseText(request, response, pieces, this.longResponses).catch((error: unknown) => {
      this.logger.warn({
        msg: `results of ${ingestionId} were cut off: ${String(error)}`,
        ingestion_id: ingestionId,
      });
    });
  }

  /** Returns the lines of all pages. The first page is read at once, so that its errors have a status of their own. */
  private async lines(
    ingestionId: string,
    from: number,
    status: Status | undefined,
    request: Request,
  ): Promise<AsyncIterable<string>> {
    this.openStreams.open(request);
    const lines = this.service.mapPages(ingestionId, from, MAX_PAGE_SIZE, status, toLines);
    const first = await this.longResponses.run(() => lines.next());
    return startWith([first.value ?? ''], lines);
  }
}
