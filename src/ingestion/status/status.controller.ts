import { Controller, Get, Logger, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { AccessMonitor } from '../../platform/auth/access-monitor.js';
import { TextStream } from '../../platform/rate-limit/text-stream.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { fromEvent, merge } from 'rxjs';
import { ProblemDetailsError } from '../../platform/http/problem-details.js';
import { LongResponseQueue } from '../../platform/http/long-response-queue.js';
import { parseQuery } from '../../platform/http/parse-query.js';
import { sendJson } from '../../platform/http/send-response.js';
import { OpenStreams } from '../../platform/rate-limit/open-streams.js';
import { ConnectionMetrics } from '../../platform/telemetry/connection-metrics.js';
import { ResultService } from '../results/result.service.js';
import { isConditionalRequest, hasChangedSince, setCacheHeaders } from './dto/status-etag.js';
import { ApiStatus } from './dto/status.openapi.js';
import { StatusQuery } from './dto/status-query.dto.js';
import { writeStatusWithResults, type LoadResults } from './dto/status-with-results.js';
import {
  toBatchesText,
  toStatusHead,
  toStatusPageText,
  toStatusText,
  writeStatus,
} from './dto/status.mapper.js';
import { startWith } from '../../platform/http/start-with.js';
import { parsePreferWait, waitForChange } from './live/long-poll.js';
import { StatusWatcher } from './live/status-watcher.js';
import { isTerminal, versionTag } from '../../domain/ingestion-version.js';
import type { IngestionRecord } from '../../domain/ingestion.js';
import { EstimateService } from '../estimate/estimate.service.js';
import { StatusService, type StatusPage } from './status.service.js';
import { CachedStatus, StatusResponseCache } from './status-response-cache.js';

/** Batches per read, a few milliseconds of work: a longer status is written page by page. */
const BATCHES_PER_STEP = 1000;
/** Batches per piece of a long status: each of its readers holds two or three pieces in memory. */
const BATCHES_PER_PIECE = 500;
/** Batches per page of a status with results: the page stays in memory while a client reads its text. */
const BATCHES_WITH_RESULTS_PER_STEP = 250;

/** Returns the status of ingestions to clients. */
@ApiTags('ingestion')
@RequireScope('read')
@Controller()
export class StatusController {
  private readonly logger = new Logger('Status');
  private readonly cache = new StatusResponseCache();

  constructor(
    private readonly service: StatusService,
    private readonly watcher: StatusWatcher,
    private readonly results: ResultService,
    private readonly estimates: EstimateService,
    private readonly metrics: ConnectionMetrics,
    private readonly access: AccessMonitor,
    private readonly longResponses: LongResponseQueue,
    private readonly openStreams: OpenStreams,
    private readonly texts: TextStream,
  ) {}

  @ApiStatus()
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
        { field: 'include', message: 'cannot be results: results are not stored, RESULTS is off' },
      ]);
    }
    await this.waitForChange(ingestionId, wanted, request, response);
    const needsHead = !isPaged(wanted) || wanted.batches === 'none' || isConditionalRequest(request);
    const head = needsHead ? await this.service.findById(ingestionId) : null;
    if (head === null || !(await this.sendWithoutBatches(head, wanted, request, response))) {
      const text = await this.sendBatches(ingestionId, wanted, this.isLong(wanted, head), response);
      if (text !== null) {
        await this.stream(ingestionId, text, request, response);
      }
    }
  }

  /** Responds if no batch must be read for the response; returns true if it did. */
  private async sendWithoutBatches(
    head: IngestionRecord,
    wanted: StatusQuery,
    request: Request,
    response: Response,
  ): Promise<boolean> {
    const isHeadAlone = wanted.batches === 'none';
    const state = versionTag(head);
    const batchSize = this.service.batchSizeOf(head.lane);
    const text = isFullStatus(wanted)
      ? this.cache.find(head.ingestionId, cacheVersion(state, batchSize))
      : null;
    if (!isHeadAlone && text === null && !isConditionalRequest(request)) {
      return false;
    }
    const ingestionEstimate = await this.estimates.forIngestion(head);
    const tag = setCacheHeaders(response, ingestionEstimate, wanted, batchSize, state);
    if (request.fresh) {
      response.status(304).end();
    } else if (isHeadAlone) {
      response.json(toStatusHead(head, ingestionEstimate));
    } else if (text === null) {
      return false;
    } else {
      sendJson(
        response,
        text.render(tag, (batches) => toStatusText(head, batches, ingestionEstimate)),
      );
    }
    return true;
  }

  /** Waits for a change for as long as the client requests; returns at once if it requests none. */
  private async waitForChange(
    ingestionId: string,
    wanted: StatusQuery,
    request: Request,
    response: Response,
  ): Promise<void> {
    const seconds = wanted.wait ?? parsePreferWait(request.get('prefer')) ?? 0;
    if (seconds === 0) {
      return;
    }
    const before = await this.service.findById(ingestionId);
    this.openStreams.open(request);
    const isNews = (head: IngestionRecord): boolean =>
      isConditionalRequest(request)
        ? hasChangedSince(request, head, wanted, this.service.batchSizeOf(head.lane))
        : versionTag(head) !== versionTag(before);
    if (!isTerminal(before) && !isNews(before)) {
      await waitForChange(this.metrics.trackWatcher('long_poll', this.watcher.watch(ingestionId)), isNews, {
        seconds,
        isGone: merge(fromEvent(response, 'close'), this.access.ended()),
      });
      await this.access.assertValid();
    }
    if (wanted.wait === undefined) {
      response.setHeader('Preference-Applied', `wait=${String(seconds)}`);
    }
  }

  /** Returns true if the response must wait for its turn, see `LongResponseQueue`. */
  private isLong({ limit, after }: StatusQuery, head: IngestionRecord | null): boolean {
    if (limit !== undefined) {
      return limit > BATCHES_PER_STEP;
    }
    return after === undefined && head !== null && this.service.countBatches(head) > BATCHES_PER_STEP;
  }

  /**
   * Responds with batches. Returns the pieces of a long text instead of sending it: while a client reads them, nothing
   * but a piece is in memory.
   */
  private async sendBatches(
    ingestionId: string,
    wanted: StatusQuery,
    isLong: boolean,
    response: Response,
  ): Promise<AsyncIterable<string> | null> {
    const readFirst = (): Promise<StatusPage> =>
      this.service.findPage(ingestionId, Number(wanted.after ?? 0), wanted.limit ?? BATCHES_PER_STEP);
    const page = await (isLong ? this.longResponses.run(readFirst) : readFirst());
    const { ingestion } = page;
    const estimate = await this.estimates.forIngestion(ingestion);
    const batchSize = this.service.batchSizeOf(ingestion.lane);
    const state = versionTag(ingestion);
    setCacheHeaders(response, estimate, wanted, batchSize, state);
    if (wanted.include === 'results') {
      const others = isPaged(wanted) ? [] : this.service.pagesAfter(page, BATCHES_WITH_RESULTS_PER_STEP);
      const next = isPaged(wanted) ? page.next : undefined;
      return writeStatusWithResults(ingestion, startWith([page], others), this.loadResults, estimate, next);
    }
    if (isPaged(wanted)) {
      sendJson(response, toStatusPageText(page, estimate));
      return null;
    }
    const batches = toBatchesText(page);
    if (page.next === null) {
      this.cache.store(ingestion.ingestionId, new CachedStatus(cacheVersion(state, batchSize), batches));
      sendJson(response, toStatusText(ingestion, batches, estimate));
      return null;
    }
    const others = this.service.mapPagesAfter(page, BATCHES_PER_PIECE, toBatchesText);
    return writeStatus(ingestion, startWith([batches], others), estimate);
  }

  private async stream(
    ingestionId: string,
    text: AsyncIterable<string>,
    request: Request,
    response: Response,
  ): Promise<void> {
    response.type('json');
    await this.texts.sendPieces(request, response, text, (error) => {
      this.logger.warn({
        msg: `status of ${ingestionId} was cut off: ${String(error)}`,
        ingestion_id: ingestionId,
      });
    });
  }

  private readonly loadResults: LoadResults = ({ ingestion, batches }) => {
    const [first, last] = [batches.at(0), batches.at(-1)];
    const end = last === undefined ? 0 : last.first + last.size;
    return this.results.range(ingestion.ingestionId, first?.first ?? 0, end);
  };
}

/** Returns true if the query selects the contract's response: every batch, without additions. */
function isFullStatus({ batches, limit, after, include }: StatusQuery): boolean {
  return batches === 'all' && limit === undefined && after === undefined && include === undefined;
}

function isPaged({ limit, after }: StatusQuery): boolean {
  return limit !== undefined || after !== undefined;
}

/** Returns the key that identifies one rendered text of an ingestion's batches. */
function cacheVersion(state: string, batchSize: number): string {
  return `${state}-${String(batchSize)}`;
}
