import { pipeline } from 'node:stream/promises';
import { Controller, Get, Logger, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { readQuery } from '../http/query.js';
import { asksWhetherChanged, setCaching } from './dto/status-caching.js';
import { DocumentStatus } from './dto/status.docs.js';
import { StatusQuery, WHOLE_STATUS } from './dto/status-query.dto.js';
import { toStatusHead, toStatusResponse, writeStatus } from './dto/status-view.js';
import { StatusService, type StatusPage } from './status.service.js';

/** Batches that are read at once, some milliseconds of work: a longer list is written page by page. */
const BATCHES_AT_ONCE = 1000;

/** Where clients follow their lists. */
@ApiTags('ingestion')
@Controller()
export class StatusController {
  private readonly logger = new Logger('Status');

  constructor(private readonly service: StatusService) {}

  @DocumentStatus()
  @Get('status/:ingestion_id')
  async status(
    @Param('ingestion_id') ingestionId: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const wanted = Object.keys(query).length === 0 ? WHOLE_STATUS : readQuery(query, StatusQuery);
    const isHeadAlone = wanted.batches === 'none';
    if (isHeadAlone || asksWhetherChanged(request)) {
      const head = await this.service.findHead(ingestionId);
      setCaching(response, head, wanted, this.service.batchSize);
      if (request.fresh) {
        response.status(304).end();
        return;
      }
      if (isHeadAlone) {
        response.json(toStatusHead(head));
        return;
      }
    }
    await this.sendBatches(ingestionId, wanted, response);
  }

  private async sendBatches(ingestionId: string, wanted: StatusQuery, response: Response): Promise<void> {
    const isPaged = wanted.limit !== undefined || wanted.after !== undefined;
    const page = await this.service.findPage(
      ingestionId,
      Number(wanted.after ?? 0),
      wanted.limit ?? BATCHES_AT_ONCE,
    );
    setCaching(response, page.head, wanted, this.service.batchSize);
    if (isPaged || page.next === null) {
      response.json(toStatusResponse(page, isPaged));
    } else {
      await this.stream(page, response);
    }
  }

  /** Where it fails in the middle the connection is cut: half an answer must not look like a whole one. */
  private async stream(first: StatusPage, response: Response): Promise<void> {
    response.type('json');
    try {
      await pipeline(writeStatus(first, this.service.pagesAfter(first, BATCHES_AT_ONCE)), response);
    } catch (error) {
      this.logger.warn(`status of ${first.head.ingestionId} was cut off: ${String(error)}`);
    }
  }
}
