import { Controller, Get, Logger, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { fromEvent } from 'rxjs';
import { ProblemDetailsError } from '../../platform/http/problem-details.js';
import { parseQuery } from '../../platform/http/parse-query.js';
import { sendJson, sendResponseText } from '../../platform/http/send-response.js';
import { ConnectionMetrics } from '../../platform/telemetry/connection-metrics.js';
import { ResultService } from '../results/result.service.js';
import { asksWhetherChanged, hasChangedSince, setCaching } from './dto/status-etag.js';
import { DocumentStatus } from './dto/status.openapi.js';
import { StatusQuery } from './dto/status-query.dto.js';
import { writeStatusWithResults, type ResultsOf } from './dto/status-with-results.js';
import {
  toBatchesText,
  toStatusHead,
  toStatusPageText,
  toStatusText,
  writeStatus,
} from './dto/status.mapper.js';
import { preferredWaitSeconds, untilNews } from './live/long-poll.js';
import { StatusWatcher } from './live/status-watcher.js';
import { isTerminal, versionTag } from '../../domain/ingestion-version.js';
import type { IngestionRecord } from '../../domain/ingestion.js';
import { OutlookService } from '../estimate/estimate.service.js';
import { StatusService, type StatusPage } from './status.service.js';
import { StatusText, StatusTexts } from './status-response-cache.js';

/** Batches that are read at once, some milliseconds of work: a longer list is written page by page. */
const BATCHES_AT_ONCE = 1000;

/** Where clients follow their lists. */
@ApiTags('ingestion')
@RequireScope('read')
@Controller()
export class StatusController {
  private readonly logger = new Logger('Status');
  private readonly texts = new StatusTexts();

  constructor(
    private readonly service: StatusService,
    private readonly watcher: StatusWatcher,
    private readonly results: ResultService,
    private readonly outlook: OutlookService,
    private readonly metrics: ConnectionMetrics,
  ) {}

  @DocumentStatus()
  @Get('status/:ingestion_id')
  async status(
    @Param('ingestion_id') ingestionId: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const wanted = parseQuery(query, StatusQuery);
    if (wanted.include === 'results' && !this.results.storesResults) {
      throw ProblemDetailsError.ofFields(400, [
        { field: 'include', message: 'cannot be results: they are not kept here, RESULTS is off' },
      ]);
    }
    await this.waitForNews(ingestionId, wanted, request, response);
    if (!(await this.sendFromHead(ingestionId, wanted, request, response))) {
      await this.sendBatches(ingestionId, wanted, request, response);
    }
  }

  /** Answers where no batch has to be read for it; tells whether it has. */
  private async sendFromHead(
    ingestionId: string,
    wanted: StatusQuery,
    request: Request,
    response: Response,
  ): Promise<boolean> {
    const isHeadAlone = wanted.batches === 'none';
    if (!isHeadAlone && !isWhole(wanted) && !asksWhetherChanged(request)) {
      return false;
    }
    const head = await this.service.findHead(ingestionId);
    const state = versionTag(head);
    const batchSize = this.service.batchSizeOf(head.lane);
    const text = isWhole(wanted) ? this.texts.find(head.ingestionId, shown(state, batchSize)) : null;
    if (!isHeadAlone && text === null && !asksWhetherChanged(request)) {
      return false;
    }
    const outlook = await this.outlook.of(head);
    const tag = setCaching(response, head, outlook, wanted, batchSize, state);
    if (request.fresh) {
      response.status(304).end();
    } else if (isHeadAlone) {
      response.json(toStatusHead(head, outlook));
    } else if (text === null) {
      return false;
    } else {
      sendJson(
        response,
        text.wholeOf(tag, (batches) => toStatusText(head, batches, outlook)),
      );
    }
    return true;
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
    const isNews = (head: IngestionRecord): boolean =>
      asksWhetherChanged(request)
        ? hasChangedSince(request, head, wanted, this.service.batchSizeOf(head.lane))
        : versionTag(head) !== versionTag(before);
    if (!isTerminal(before) && !isNews(before)) {
      await untilNews(this.metrics.trackWatcher('long_poll', this.watcher.watch(ingestionId)), isNews, {
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
    const outlook = await this.outlook.of(page.head);
    const batchSize = this.service.batchSizeOf(page.head.lane);
    const state = versionTag(page.head);
    setCaching(response, page.head, outlook, wanted, batchSize, state);
    if (wanted.include === 'results') {
      const others = isPaged ? [] : this.service.pagesAfter(page, BATCHES_AT_ONCE);
      await this.stream(
        page,
        request,
        response,
        writeStatusWithResults(page, others, isPaged, this.resultsOf, outlook),
      );
    } else if (isPaged) {
      sendJson(response, toStatusPageText(page, outlook));
    } else if (page.next === null) {
      const batches = toBatchesText(page);
      this.texts.keep(page.head.ingestionId, new StatusText(shown(state, batchSize), batches));
      sendJson(response, toStatusText(page.head, batches, outlook));
    } else {
      const others = this.service.pagesAfter(page, BATCHES_AT_ONCE);
      await this.stream(page, request, response, writeStatus(page, others, outlook));
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
      await sendResponseText(request, response, text);
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

/** The contract's answer: every batch, and nothing more of each. */
function isWhole({ batches, limit, after, include }: StatusQuery): boolean {
  return batches === 'all' && limit === undefined && after === undefined && include === undefined;
}

/** What tells one text of the batches of an ingestion from every other. */
function shown(state: string, batchSize: number): string {
  return `${state}-${String(batchSize)}`;
}
