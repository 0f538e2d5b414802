import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { UnknownIngestionError } from '../../domain/ingestion-errors.js';
import { ID_RULE, MAX_ID, packIds } from '../../domain/packed-ids.js';
import { ClientScopeFilter } from '../../platform/auth/current-client.decorator.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { parseQuery } from '../../platform/http/parse-query.js';
import { ProblemDetailsError } from '../../platform/http/problem-details.js';
import { ResultService, type Result } from '../results/result.service.js';
import { IdSearchQuery, type IdSearchView } from './dto/id-search.dto.js';
import { toIdSearchView, toSearchCursor } from './dto/id-search.mapper.js';
import { ApiSearchId } from './dto/id-search.openapi.js';
import { IdSearchService, type FoundId } from './id-search.service.js';

/** Finds the ingestions that have an id. */
@RequireScope('read')
@ApiTags('ingestion')
@Controller('ids')
export class IdSearchController {
  constructor(
    private readonly service: IdSearchService,
    private readonly results: ResultService,
  ) {}

  @ApiSearchId()
  @Get(':id')
  async search(
    @Param('id') given: string,
    @Query() query: Record<string, unknown>,
    @ClientScopeFilter() own: string | null,
  ): Promise<IdSearchView> {
    const wanted = parseQuery(query, IdSearchQuery);
    const packedId = packIds([parseId(given)]);
    const page = await this.service.search(packedId, toSearchCursor(wanted), wanted.limit, own);
    const results: (Result | null)[] = [];
    for (const found of page.found) {
      results.push(await this.readResult(found));
    }
    return toIdSearchView(packedId, page, results);
  }

  /** Returns null if the ingestion was deleted meanwhile. */
  private async readResult({ ingestion, position }: FoundId): Promise<Result | null> {
    try {
      const { results } = await this.results.page(ingestion.ingestionId, position, 1);
      return results[0] ?? null;
    } catch (error) {
      if (error instanceof UnknownIngestionError) {
        return null;
      }
      throw error;
    }
  }
}

function parseId(text: string): bigint {
  const id = /^[1-9]\d{0,19}$/.test(text) ? BigInt(text) : null;
  if (id === null || id > MAX_ID) {
    throw new ProblemDetailsError(400, `id ${ID_RULE}`, [{ field: 'id', message: ID_RULE }]);
  }
  return id;
}
