import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery } from '@nestjs/swagger';
import { ID_RULE } from '../../../domain/packed-ids.js';
import { ID_SCHEMA } from '../../../platform/openapi/id.schema.js';
import { ApiCommonProblems, ApiProblemResponse } from '../../../platform/openapi/problem-responses.js';
import { MAX_IDS_SEARCHED, MAX_INGESTIONS_SEARCHED } from '../id-search.service.js';
import { IdSearchQuery, IdSearchView } from './id-search.dto.js';

/** Documents `GET /ids/{id}` in `/openapi.json`. */
export function ApiSearchId(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'findId',
      summary: 'Find the ingestions that have an id',
      description:
        'Searches the newest ingestions first. No index has the ids, so that acceptance stays cheap: a request reads ' +
        `at most about ${MAX_IDS_SEARCHED.toLocaleString('en')} ids or ${MAX_INGESTIONS_SEARCHED.toLocaleString('en')} ` +
        'ingestions, and `next` continues the search.',
    }),
    ApiParam({ name: 'id', description: 'The id, exact.', schema: ID_SCHEMA, example: 1 }),
    ApiQuery({ type: IdSearchQuery }),
    ApiOkResponse({ type: IdSearchView, description: 'What was found, and how far the search is.' }),
    ApiProblemResponse(400, 'The id or a parameter is not valid.', {
      detail: `id ${ID_RULE}`,
      errors: [{ field: 'id', message: ID_RULE }],
    }),
    ApiCommonProblems(),
  );
}
