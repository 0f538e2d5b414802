import { Controller, Get, Logger, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ProblemDetailsError } from '../../platform/http/problem-details.js';
import { LongResponseQueue } from '../../platform/http/long-response-queue.js';
import { parseQuery } from '../../platform/http/parse-query.js';
import { sendResponseText } from '../../platform/http/send-response.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { TextStream } from '../../platform/rate-limit/text-stream.js';
import { NDJSON_TYPE } from '../../platform/http/media-type.js';
import { MAX_PAGE_SIZE, ResultQuery } from './dto/result-query.dto.js';
import { toLines, writePage } from './dto/result.mapper.js';
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
    private readonly texts: TextStream,
    private readonly longResponses: LongResponseQueue,
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
    const onCutOff = (error: unknown): void => {
      this.logger.warn({
        msg: `results of ${ingestionId} were cut off: ${String(error)}`,
        ingestion_id: ingestionId,
      });
    };
    if (request.accepts('application/json', NDJSON_TYPE) === NDJSON_TYPE) {
      const pieces = this.service.mapPages(ingestionId, from, MAX_PAGE_SIZE, status, toLines);
      await this.texts.send(request, response, { type: NDJSON_TYPE, pieces }, onCutOff);
      return;
    }
    const page = writePage(await this.service.page(ingestionId, from, limit, status));
    response.type('json');
    await sendResponseText(request, response, [page], this.longResponses).catch(onCutOff);
  }
}
