import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ProblemDetailsError } from '../../platform/http/problem-details.js';
import { parseQuery } from '../../platform/http/parse-query.js';
import { RequireScope, RequireScopeForIngestion } from '../../platform/auth/require-scope.decorator.js';
import type { DeadLetterFilter } from './dead-letter.repository.js';
import { DeadLettersService } from './dead-letters.service.js';
import {
  DeadLetterPageQuery,
  RedriveQuery,
  type DeadLetterFilterQuery,
} from './dto/dead-letter-query.dto.js';
import {
  MAX_COUNTED_PER_KIND,
  type DeadLetterCountsResponse,
  type DeadLetterPage,
  type RedriveResponse,
} from './dto/dead-letter-response.dto.js';
import { toDeadLetterPage } from './dto/dead-letter.mapper.js';
import {
  ApiDeadLetterCounts,
  ApiListDeadLetters,
  ApiRedrive,
  ApiRedriveIngestion,
} from './dto/dead-letters.openapi.js';

/** Lists dead letters and sends them again. */
@ApiTags('dead letters')
@Controller()
export class DeadLettersController {
  constructor(private readonly service: DeadLettersService) {}

  @ApiListDeadLetters()
  @RequireScopeForIngestion('read')
  @Get('dead-letters')
  async list(@Query() query: Record<string, unknown>): Promise<DeadLetterPage> {
    const page = parseQuery(query, DeadLetterPageQuery);
    const before = page.after === undefined ? null : Number(page.after);
    return toDeadLetterPage(await this.service.list(toFilter(page), before, page.limit), page.limit);
  }

  @ApiDeadLetterCounts()
  @RequireScope('admin')
  @Get('dead-letters/counts')
  async counts(): Promise<DeadLetterCountsResponse> {
    return {
      max_per_kind: MAX_COUNTED_PER_KIND,
      kinds: await this.service.countByKind(MAX_COUNTED_PER_KIND),
    };
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
    const filter = { ...toFilter(wanted), ...(position !== undefined && { position }) };
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

function toFilter({ ingestion_id: ingestionId, kind }: DeadLetterFilterQuery): DeadLetterFilter {
  return {
    ...(ingestionId !== undefined && { ingestionId }),
    ...(kind !== undefined && { kind }),
  };
}
