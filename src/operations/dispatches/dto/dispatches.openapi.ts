import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { ApiIngestionId } from '../../../platform/openapi/ingestion-id.param.js';
import {
  ApiCommonProblems,
  ApiInvalidParameter,
  ApiProblemResponse,
} from '../../../platform/openapi/problem-responses.js';
import { DispatchesQuery, DispatchPageQuery } from './dispatches-query.dto.js';
import { DispatchList, IngestionDispatchList } from './dispatches-response.dto.js';

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
    ApiInvalidParameter('limit', 'must be an integer from 1 to 500'),
    ApiCommonProblems(),
  );
}

/** Describes `GET /ingestions/{ingestion_id}/dispatches` in `/openapi.json`. */
export function ApiIngestionDispatches(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listDispatchesOfIngestion',
      summary: 'List the dispatches of an ingestion',
      description:
        'The upstream requests that carried ids of the ingestion, the newest first, with the ids of this ' +
        'ingestion, their attempts and errors. Ids of other ingestions are left out.',
    }),
    ApiIngestionId(),
    ApiQuery({ type: DispatchPageQuery }),
    ApiOkResponse({ type: IngestionDispatchList, description: 'A page of dispatches, the newest first.' }),
    ApiInvalidParameter('limit', 'must be an integer from 1 to 500'),
    ApiProblemResponse(404, 'No ingestion has this id.', { detail: 'unknown ingestion_id' }),
    ApiCommonProblems(),
  );
}
