import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { ApiCommonProblems, ApiInvalidParameter } from '../../../platform/openapi/problem-responses.js';
import { AuditQuery } from './audit-query.dto.js';
import { AuditPage } from './audit-response.dto.js';

/** Describes `GET /audit` in `/openapi.json`. */
export function ApiAudit(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listAuditEntries',
      summary: 'List audit entries',
      description:
        'Every act that changed something, the newest first, page by page. An entry is stored in the transaction of ' +
        'its act, and deleted after `AUDIT_RETENTION_DAYS`. Requests that changed nothing leave no entry.',
    }),
    ApiQuery({ type: AuditQuery }),
    ApiOkResponse({ type: AuditPage, description: 'A page of entries, the newest first.' }),
    ApiInvalidParameter('limit', 'must be an integer from 1 to 1000'),
    ApiCommonProblems(),
  );
}
