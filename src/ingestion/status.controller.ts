import { Controller, Get, Logger, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { NeedsScope } from '../security/needs-scope.js';
import { fromEvent } from 'rxjs';
import { HttpProblem } from '../http/problem.js';
import { readQuery } from '../http/query.js';
import { sendText } from '../http/send-text.js';
import { ResultService } from '../results/result.service.js';
import { asksWhetherChanged, setCaching } from './dto/status-caching.js';
import { DocumentStatus } from './dto/status.docs.js';
import { StatusQuery, WHOLE_STATUS } from './dto/status-query.dto.js';
import { writeStatusWithResults, type ResultsOf } from './dto/status-results.js';
import { toStatusHead, toStatusResponse, writeStatus } from './dto/status-view.js';
import { preferredWaitSeconds, untilNews } from './follow/long-poll.js';
import { StatusWatcher } from './follow/status-watcher.js';
import { isFinal, stateOf } from './ingestion-state.js';
import type { IngestionHead } from './ingestion.js';
import { StatusService, type StatusPage } from './status.service.js';

/** Batches that are read at once, some milliseconds of work: a longer list is written page by page. */
const BATCHES_AT_ONCE = 1000;

/** Where clients follow their lists. */
@ApiTags('ingestion')
@NeedsScope('read')
@Controller()
export class StatusController {
  private readonly logger = new Logger('Status');

  constructor(
    private readonly service: StatusService,
    private readonly watcher: StatusWatcher,
    private readonly results: ResultService,
  ) {}

  @DocumentStatus()
  @Get('status/:ingestion_id')
  async status(
    @Param('ingestion_id') ingestionId: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const wanted = Object.keys(query).length === 0 ? WHOLE_STATUS : readQuery(query, StatusQuery);
    if (wanted.include === 'results' && !this.results.keepsResults) {
      throw HttpProblem.ofFields(400, [
        { field: 'include', message: 'cannot be results: they are not kept here, RESULTS is off' },
      ]);
    }
    await this.waitForNews(ingestionId, wanted, request, response);
    const isHeadAlone = wanted.batches === 'none';
    if (isHeadAlone || asksWhetherChanged(request)) {
      const head = await this.service.findHead(ingestionId);
      setCaching(response, head, wanted, this.service.batchSizeOf(head.lane));
      if (request.fresh) {
        response.status(304).end();
        return;
      }
      if (isHeadAlone) {
        response.json(toStatusHead(head));
        return;
      }
    }
    await this.sendBatches(ingestionId, wanted, request, response);
  }

  /** As long as the client asks for, where he asks. */
  private async waitForNews(
    ingestionId: string,
    wanted: StatusQuery,
    request: Request,
    response: Response,
  ): Promise<void> {
    const seconds = wanted.wait ?? preferredWaitSeconds(request.get('prefer')) ?? 0;
    if (seconds === 0) {
      return;
    }
    const before = await this.service.findHead(ingestionId);
    const isNews = (head: IngestionHead): boolean => {
      setCaching(response, head, wanted, this.service.batchSizeOf(head.lane));
      return asksWhetherChanged(request) ? !request.fresh : stateOf(head) !== stateOf(before);
    };
    if (!isFinal(before) && !isNews(before)) {
      await untilNews(this.watcher.watch(ingestionId), isNews, {
        seconds,
        isGone: fromEvent(response, 'close'),
      });
    }
    if (wanted.wait === undefined) {
      response.setHeader('Preference-Applied', `wait=${String(seconds)}`);
    }
  }

  private async sendBatches(
    ingestionId: string,
    wanted: StatusQuery,
    request: Request,
    response: Response,
  ): Promise<void> {
    const isPaged = wanted.limit !== undefined || wanted.after !== undefined;
    const page = await this.service.findPage(
      ingestionId,
      Number(wanted.after ?? 0),
      wanted.limit ?? BATCHES_AT_ONCE,
    );
    setCaching(response, page.head, wanted, this.service.batchSizeOf(page.head.lane));
    if (wanted.include === 'results') {
      const others = isPaged ? [] : this.service.pagesAfter(page, BATCHES_AT_ONCE);
      await this.stream(
        page,
        request,
        response,
        writeStatusWithResults(page, others, isPaged, this.resultsOf),
      );
    } else if (isPaged || page.next === null) {
      response.json(toStatusResponse(page, isPaged));
    } else {
      const others = this.service.pagesAfter(page, BATCHES_AT_ONCE);
      await this.stream(page, request, response, writeStatus(page, others));
    }
  }

  private async stream(
    { head }: StatusPage,
    request: Request,
    response: Response,
    text: AsyncIterable<string>,
  ): Promise<void> {
    response.type('json');
    try {
      await sendText(request, response, text);
    } catch (error) {
      const { ingestionId } = head;
      this.logger.warn({
        msg: `status of ${ingestionId} was cut off: ${String(error)}`,
        ingestion_id: ingestionId,
      });
    }
  }

  private readonly resultsOf: ResultsOf = ({ head, batches }) => {
    const [first, last] = [batches.at(0), batches.at(-1)];
    const end = last === undefined ? 0 : last.first + last.size;
    return this.results.between(head.ingestionId, first?.first ?? 0, end);
  };
}
