import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { HttpProblem } from '../http/problem.js';
import { readQuery } from '../http/query.js';
import { NeedsScope, NeedsScopeOfIngestion } from '../security/needs-scope.js';
import type { DeadLetterFilter } from './dead-letter.store.js';
import { DeadLetterService } from './dead-letter.service.js';
import {
  DeadLetterPageQuery,
  RedriveQuery,
  type DeadLetterFilterQuery,
} from './dto/dead-letter-query.dto.js';
import type { DeadLetterPage, RedriveResponse } from './dto/dead-letter-response.dto.js';
import { toDeadLetterPage } from './dto/dead-letter-view.js';
import { DocumentList, DocumentRedrive, DocumentRedriveIngestion } from './dto/dead-letters.docs.js';

/** Where people look at what gave up, and send it again. */
@ApiTags('dead letters')
@Controller()
export class DeadLettersController {
  constructor(private readonly service: DeadLetterService) {}

  @DocumentList()
  @NeedsScopeOfIngestion('read')
  @Get('dead-letters')
  async list(@Query() query: Record<string, unknown>): Promise<DeadLetterPage> {
    const page = readQuery(query, DeadLetterPageQuery);
    const before = page.after === undefined ? null : Number(page.after);
    return toDeadLetterPage(await this.service.list(toFilter(page), before, page.limit), page.limit);
  }

  @DocumentRedrive()
  @NeedsScopeOfIngestion('submit')
  @Post('dead-letters/redrive')
  @HttpCode(200)
  async redrive(@Query() query: Record<string, unknown>): Promise<RedriveResponse> {
    const wanted = readQuery(query, RedriveQuery);
    const { position } = wanted;
    if (position !== undefined && wanted.ingestion_id === undefined) {
      throw HttpProblem.ofFields(400, [{ field: 'position', message: 'needs ingestion_id beside it' }]);
    }
    const filter = { ...toFilter(wanted), ...(position !== undefined && { position }) };
    return { redriven: await this.service.redrive(filter) };
  }

  @DocumentRedriveIngestion()
  @NeedsScope('submit')
  @Post('ingestions/:ingestion_id/redrive')
  @HttpCode(200)
  async redriveIngestion(@Param('ingestion_id') ingestionId: string): Promise<RedriveResponse> {
    return { redriven: await this.service.redriveIngestion(ingestionId) };
  }
}

function toFilter({ ingestion_id: ingestionId, kind }: DeadLetterFilterQuery): DeadLetterFilter {
  return {
    ...(ingestionId !== undefined && { ingestionId }),
    ...(kind !== undefined && { kind }),
  };
}
