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
      summary: 'Which lists are there?',
      description:
        'The newest first, page by page, until retention forgets them. A page looks at ' +
        `${String(MAX_SCANNED)} lists at the most: where few of them match it is short, even empty, and its ` +
        '`next` says where to go on. Only a `next` of null is the end.',
    }),
    ApiQuery({ type: IngestionsQuery }),
    ApiOkResponse({ type: IngestionList, description: 'A page of them, the newest first.' }),
    ApiProblemResponse(400, 'A parameter is unknown or not valid.', {
      detail: 'limit must be an integer from 1 to 1000',
      errors: [{ field: 'limit', message: 'must be an integer from 1 to 1000' }],
    }),
    ApiCommonProblems(),
  );
}
