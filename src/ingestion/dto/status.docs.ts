import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { ApiCommonProblems, ApiProblemResponse } from '../../openapi/problem-responses.js';
import { StatusQuery } from './status-query.dto.js';
import { StatusResponse } from './status-response.dto.js';

/** How `/openapi.json` describes `GET /status/{ingestion_id}`. */
export function DocumentStatus(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'How far is an ingestion?',
      description:
        'Batches stand in the order of the ids. Those not sent yet are planned: they may shrink and regroup, but the ' +
        'n-th batch always has the same `batch_id`, and a batch that has begun never changes its ids. A long list is ' +
        'better read in pages, or without its batches.',
    }),
    ApiQuery({ type: StatusQuery }),
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description: 'The `ETag` of an answer that is held already: 304 where nothing has changed.',
      schema: { type: 'string' },
    }),
    ApiParam({
      name: 'ingestion_id',
      description: 'The id that `/ingest` answered.',
      example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
    }),
    ApiOkResponse({
      type: StatusResponse,
      description: 'Where it stands now.',
      headers: {
        ETag: { description: 'Changes with every change of the answer.', schema: { type: 'string' } },
      },
    }),
    ApiResponse({ status: 304, description: 'The answer with this `ETag` still holds.' }),
    ApiProblemResponse(400, 'A parameter is unknown or not valid.', {
      detail: 'limit must be an integer from 1 to 10000',
      errors: [{ field: 'limit', message: 'must be an integer from 1 to 10000' }],
    }),
    ApiProblemResponse(404, 'No ingestion has this id.', { detail: 'unknown ingestion_id' }),
    ApiCommonProblems(),
  );
}
