import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { parseQuery } from '../../platform/http/parse-query.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { DispatchesService } from './dispatches.service.js';
import { DispatchesQuery } from './dto/dispatches-query.dto.js';
import type { DispatchList } from './dto/dispatches-response.dto.js';
import { toDispatchList } from './dto/dispatches.mapper.js';
import { ApiDispatches } from './dto/dispatches.openapi.js';

/** Lists past dispatches and their outcomes. */
@RequireScope('observe') // a dispatch carries ids of several clients
@ApiTags('operation')
@Controller('dispatches')
export class DispatchesController {
  constructor(private readonly service: DispatchesService) {}

  @ApiDispatches()
  @Get()
  async list(@Query() query: Record<string, unknown>): Promise<DispatchList> {
    const { limit, after, ingestion_id: ingestionId, lane } = parseQuery(query, DispatchesQuery);
    const filter = { ...(ingestionId !== undefined && { ingestionId }), ...(lane !== undefined && { lane }) };
    const before = after === undefined ? null : Number(after);
    return toDispatchList(await this.service.list(filter, before, limit));
  }
}
