import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { parseQuery } from '../../platform/http/parse-query.js';
import { RetriesQuery, toRetryList, type RetryListView } from './dto/retries.dto.js';
import { ApiRetries } from './dto/retries.openapi.js';
import { RetriesService } from './retries.service.js';

/** Shows clients which of their ids will be sent again. */
@RequireScope('read')
@ApiTags('ingestion')
@Controller('ingestions/:ingestion_id/retries')
export class RetriesController {
  constructor(private readonly service: RetriesService) {}

  @ApiRetries()
  @Get()
  async list(
    @Param('ingestion_id') ingestionId: string,
    @Query() query: Record<string, unknown>,
  ): Promise<RetryListView> {
    const { limit } = parseQuery(query, RetriesQuery);
    return toRetryList(await this.service.list(ingestionId, limit));
  }
}
