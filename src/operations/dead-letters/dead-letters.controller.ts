import { Controller, Get, HttpCode, Logger, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { RequireScope, RequireScopeForIngestion } from '../../platform/auth/require-scope.decorator.js';
import { TextStream } from '../../platform/rate-limit/text-stream.js';
import { CSV_TYPE, NDJSON_TYPE } from '../../platform/http/media-type.js';
import { parseQuery } from '../../platform/http/parse-query.js';
import { ProblemDetailsError } from '../../platform/http/problem-details.js';
import { DeadLetterCounter } from './dead-letter-counter.js';
import type { RedriveFilter } from './dead-letter.repository.js';
import { DeadLettersService } from './dead-letters.service.js';
import { exportHeader, toExportLines } from './dto/dead-letter-export.js';
import {
  DeadLetterFilterQuery,
  DeadLetterPageQuery,
  MAX_PAGE_SIZE,
  RedriveQuery,
  type RedriveFilterQuery,
} from './dto/dead-letter-query.dto.js';
import {
  MAX_COUNTED_PER_KIND,
  type DeadLetterCountsResponse,
  type RedriveResponse,
} from './dto/dead-letter-response.dto.js';
import {
  toDeadLetterCounts,
  toDeadLetterCursor,
  toDeadLetterFilter,
  toDeadLetterPage,
} from './dto/dead-letter.mapper.js';
import {
  ApiDeadLetterCounts,
  ApiListDeadLetters,
  ApiRedrive,
  ApiRedriveIngestion,
} from './dto/dead-letters.openapi.js';

/** Lists, exports and counts dead letters, and sends them again. */
@ApiTags('dead letters')
@Controller()
export class DeadLettersController {
  private readonly logger = new Logger('DeadLetters');

  constructor(
    private readonly service: DeadLettersService,
    private readonly counter: DeadLetterCounter,
    private readonly texts: TextStream,
  ) {}

  @ApiListDeadLetters()
  @RequireScopeForIngestion('read')
  @Get('dead-letters')
  async list(
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const wanted = parseQuery(query, DeadLetterPageQuery, ['label']);
    response.vary('Accept');
    const type = request.accepts('application/json', CSV_TYPE, NDJSON_TYPE);
    if (type === CSV_TYPE || type === NDJSON_TYPE) {
      const pieces = this.service.mapPages(
        toDeadLetterFilter(wanted),
        toDeadLetterCursor(wanted),
        MAX_PAGE_SIZE,
        (letters) => toExportLines(letters, type),
      );
      await this.texts.send(request, response, { type, head: exportHeader(type), pieces }, (error) => {
        this.logger.warn(`an export of dead letters was cut off: ${String(error)}`);
      });
      return;
    }
    const page = await this.service.list(
      toDeadLetterFilter(wanted),
      toDeadLetterCursor(wanted),
      wanted.limit,
    );
    response.json(toDeadLetterPage(page));
  }

  @ApiDeadLetterCounts()
  @RequireScope('observe')
  @Get('dead-letters/counts')
  async counts(@Query() query: Record<string, unknown>): Promise<DeadLetterCountsResponse> {
    const wanted = parseQuery(query, DeadLetterFilterQuery, ['label']);
    const totals = await this.counter.count(toDeadLetterFilter(wanted));
    return toDeadLetterCounts(totals, await this.service.countByKind(MAX_COUNTED_PER_KIND));
  }

  @ApiRedrive()
  @RequireScopeForIngestion('submit')
  @Post('dead-letters/redrive')
  @HttpCode(200)
  async redrive(@Query() query: Record<string, unknown>): Promise<RedriveResponse> {
    const wanted = parseQuery(query, RedriveQuery);
    const { position } = wanted;
    assertChosen(wanted);
    if (position !== undefined && wanted.ingestion_id === undefined) {
      throw ProblemDetailsError.ofFields(400, [
        { field: 'position', message: 'needs ingestion_id beside it' },
      ]);
    }
    const filter = { ...toRedriveFilter(wanted), ...(position !== undefined && { position }) };
    return { redriven: await this.service.redrive(filter) };
  }

  @ApiRedriveIngestion()
  @RequireScope('submit')
  @Post('ingestions/:ingestion_id/redrive')
  @HttpCode(200)
  async redriveIngestion(@Param('ingestion_id') ingestionId: string): Promise<RedriveResponse> {
    return { redriven: await this.service.redriveIngestion(ingestionId) };
  }
}

/**
 * @throws ProblemDetailsError 422 if the request names neither a filter nor `all`: redriving all dead letters
 * must be requested explicitly.
 */
function assertChosen({ all, ingestion_id: ingestionId, kind, position }: RedriveQuery): void {
  const isFiltered = ingestionId !== undefined || kind !== undefined || position !== undefined;
  if (all === undefined && !isFiltered) {
    const message = 'is required where neither ingestion_id nor kind is given';
    throw ProblemDetailsError.ofFields(422, [{ field: 'all', message }]);
  }
  if (all !== undefined && isFiltered) {
    throw ProblemDetailsError.ofFields(422, [{ field: 'all', message: 'must not stand beside a filter' }]);
  }
}

function toRedriveFilter({ ingestion_id: ingestionId, kind }: RedriveFilterQuery): RedriveFilter {
  return {
    ...(ingestionId !== undefined && { ingestionId }),
    ...(kind !== undefined && { kind }),
  };
}
