import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { ApiCommonProblems, ApiProblemResponse } from '../../../platform/openapi/problem-responses.js';
import { MAX_SCANNED } from '../ingestion-list.service.js';
import { IngestionsQuery } from './ingestions-query.dto.js';
import { IngestionList } from './ingestions-response.dto.js';

/** Documents `GET /ingestions` in `/openapi.json`. */
export function ApiListIngestions(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listIngestions',
      summary: 'List ingestions',
      description:
        'The newest first, page by page, until retention deletes them. The service checks at most ' +
        `${String(MAX_SCANNED)} ingestions per page, so with a filter a page may be short or even empty ` +
        'although more follow. The last page is the one whose `next` is null.',
    }),
    ApiQuery({ type: IngestionsQuery }),
    ApiOkResponse({ type: IngestionList, description: 'A page of ingestions, the newest first.' }),
    ApiProblemResponse(400, 'A parameter is unknown or not valid.', {
      detail: 'limit must be an integer from 1 to 1000',
      errors: [{ field: 'limit', message: 'must be an integer from 1 to 1000' }],
    }),
    ApiCommonProblems(),
  );
}
