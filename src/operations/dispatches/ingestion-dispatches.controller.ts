import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { UnknownIngestionError } from '../../domain/ingestion-errors.js';
import { IngestionRepository } from '../../ingestion/ingestion.repository.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { parseQuery } from '../../platform/http/parse-query.js';
import { DispatchesService } from './dispatches.service.js';
import { DispatchPageQuery } from './dto/dispatches-query.dto.js';
import type { IngestionDispatchList } from './dto/dispatches-response.dto.js';
import { toIngestionDispatchList } from './dto/dispatches.mapper.js';
import { ApiIngestionDispatches } from './dto/dispatches.openapi.js';

/** Lists the dispatches that carried ids of one ingestion, without the ids of others. */
@RequireScope('read')
@ApiTags('ingestion')
@Controller('ingestions/:ingestion_id/dispatches')
export class IngestionDispatchesController {
  constructor(
    private readonly service: DispatchesService,
    private readonly ingestions: IngestionRepository,
  ) {}

  @ApiIngestionDispatches()
  @Get()
  async list(
    @Param('ingestion_id') id: string,
    @Query() query: Record<string, unknown>,
  ): Promise<IngestionDispatchList> {
    const { limit, after } = parseQuery(query, DispatchPageQuery);
    const ingestion = await this.ingestions.findById(id);
    if (ingestion === null) {
      throw new UnknownIngestionError(id);
    }
    const { ingestionId } = ingestion;
    const page = await this.service.list({ ingestionId }, after === undefined ? null : Number(after), limit);
    return toIngestionDispatchList(page, ingestionId);
  }
}
