import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { parseQuery } from '../../platform/http/parse-query.js';
import { AuditRepository } from './audit.repository.js';
import { AuditQuery } from './dto/audit-query.dto.js';
import type { AuditPage } from './dto/audit-response.dto.js';
import { toAuditCursor, toAuditFilter, toAuditPage } from './dto/audit.mapper.js';
import { ApiAudit } from './dto/audit.openapi.js';

/** Lists who did what, when and from where. */
@RequireScope('observe')
@ApiTags('operation')
@Controller('audit')
export class AuditController {
  constructor(private readonly audit: AuditRepository) {}

  @ApiAudit()
  @Get()
  async list(@Query() query: Record<string, unknown>): Promise<AuditPage> {
    const wanted = parseQuery(query, AuditQuery);
    const { limit } = wanted;
    return toAuditPage(await this.audit.list(toAuditFilter(wanted), toAuditCursor(wanted), limit), limit);
  }
}
