import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { readQuery } from '../../platform/http/parse-query.js';
import { OnlyOfClient } from '../../platform/auth/current-client.decorator.js';
import { NeedsScope } from '../../platform/auth/require-scope.decorator.js';
import { IngestionsQuery } from './dto/ingestions-query.dto.js';
import type { IngestionList } from './dto/ingestions-response.dto.js';
import { toFilter, toIngestionList, toPlace } from './dto/ingestions-view.js';
import { DocumentIngestions } from './dto/ingestions.docs.js';
import { IngestionSurvey } from './ingestion-survey.js';

/** Where clients look for their lists. */
@NeedsScope('read')
@ApiTags('ingestion')
@Controller('ingestions')
export class IngestionsController {
  constructor(private readonly survey: IngestionSurvey) {}

  @DocumentIngestions()
  @Get()
  async list(
    @Query() query: Record<string, unknown>,
    @OnlyOfClient() own: string | null,
  ): Promise<IngestionList> {
    const wanted = readQuery(query, IngestionsQuery);
    return toIngestionList(await this.survey.list(toFilter(wanted, own), toPlace(wanted), wanted.limit));
  }
}
