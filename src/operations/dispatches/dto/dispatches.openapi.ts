import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { ApiCommonProblems, ApiProblemResponse } from '../../../platform/openapi/problem-responses.js';
import { DispatchesQuery } from './dispatches-query.dto.js';
import { DispatchList } from './dispatches-response.dto.js';

/** Describes `GET /dispatches` in `/openapi.json`. */
export function ApiDispatches(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listDispatches',
      summary: 'List dispatches and their outcomes',
      description:
        'The timeline of upstream requests, the newest first, page by page, until retention deletes them. If ' +
        'dispatches are large, a page is shorter than its limit; only a `next` of null marks the end.',
    }),
    ApiQuery({ type: DispatchesQuery }),
    ApiOkResponse({ type: DispatchList, description: 'A page of dispatches, the newest first.' }),
    ApiProblemResponse(400, 'A parameter is unknown or not valid.', {
      detail: 'limit must be an integer from 1 to 500',
      errors: [{ field: 'limit', message: 'must be an integer from 1 to 500' }],
    }),
    ApiCommonProblems(),
  );
}
