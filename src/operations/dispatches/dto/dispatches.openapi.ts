import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { ApiCommonProblems, ApiProblemResponse } from '../../../platform/openapi/problem-responses.js';
import { DispatchesQuery } from './dispatches-query.dto.js';
import { DispatchList } from './dispatches-response.dto.js';

/** Describes `GET /dispatches` in `/openapi.json`. */
export function ApiDispatches(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'What went out when, and what came of it?',
      description:
        'The timeline of calls to the upstream, the newest first, page by page, until retention forgets them. Where ' +
        'dispatches are large a page is shorter than its limit: only a `next` of null is the end.',
    }),
    ApiQuery({ type: DispatchesQuery }),
    ApiOkResponse({ type: DispatchList, description: 'A page of them, the newest first.' }),
    ApiProblemResponse(400, 'A parameter is unknown or not valid.', {
      detail: 'limit must be an integer from 1 to 500',
      errors: [{ field: 'limit', message: 'must be an integer from 1 to 500' }],
    }),
    ApiCommonProblems(),
  );
}
