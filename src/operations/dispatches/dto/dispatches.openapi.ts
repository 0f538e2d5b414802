import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery } from '@nestjs/swagger';
import { ApiCommonProblems, ApiProblemResponse } from '../../../platform/openapi/problem-responses.js';
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
    ApiProblemResponse(400, 'A parameter is unknown or not valid.', {
      detail: 'limit must be an integer from 1 to 500',
      errors: [{ field: 'limit', message: 'must be an integer from 1 to 500' }],
    }),
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
    ApiParam({
      name: 'ingestion_id',
      description: 'The `ingestion_id` from the response of `/ingest`.',
      example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
    }),
    ApiQuery({ type: DispatchPageQuery }),
    ApiOkResponse({ type: IngestionDispatchList, description: 'A page of dispatches, the newest first.' }),
    ApiProblemResponse(400, 'A parameter is unknown or not valid.', {
      detail: 'limit must be an integer from 1 to 500',
      errors: [{ field: 'limit', message: 'must be an integer from 1 to 500' }],
    }),
    ApiProblemResponse(404, 'No ingestion has this id.', { detail: 'unknown ingestion_id' }),
    ApiCommonProblems(),
  );
}
