import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { parseQuery } from '../../platform/http/parse-query.js';
import { ClientScopeFilter } from '../../platform/auth/current-client.decorator.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { IngestionsQuery } from './dto/ingestions-query.dto.js';
import type { IngestionList } from './dto/ingestions-response.dto.js';
import { toFilter, toIngestionList, toCursor } from './dto/ingestions.mapper.js';
import { ApiListIngestions } from './dto/ingestions.openapi.js';
import { IngestionListService } from './ingestion-list.service.js';

/** Lists the ingestions of clients. */
@RequireScope('read')
@ApiTags('ingestion')
@Controller('ingestions')
export class IngestionsController {
  constructor(private readonly service: IngestionListService) {}

  @ApiListIngestions()
  @Get()
  async list(
    @Query() query: Record<string, unknown>,
    @ClientScopeFilter() own: string | null,
  ): Promise<IngestionList> {
    const wanted = parseQuery(query, IngestionsQuery, ['label']);
    return toIngestionList(await this.service.list(toFilter(wanted, own), toCursor(wanted), wanted.limit));
  }
}
