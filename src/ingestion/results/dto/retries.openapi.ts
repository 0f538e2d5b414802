import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery } from '@nestjs/swagger';
import { ApiCommonProblems, ApiProblemResponse } from '../../../platform/openapi/problem-responses.js';
import { RetriesQuery, RetryListView } from './retries.dto.js';

/** Documents `GET /ingestions/{ingestion_id}/retries` in `/openapi.json`. */
export function ApiRetries(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listRetries',
      summary: 'List the pending retries of an ingestion',
      description:
        'The ids that were sent without success and will be sent again, the soonest first, each with the number and ' +
        'the time of its next attempt and its last error. Ids in flight are not included.',
    }),
    ApiParam({
      name: 'ingestion_id',
      description: 'The `ingestion_id` from the response of `/ingest`.',
      example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
    }),
    ApiQuery({ type: RetriesQuery }),
    ApiOkResponse({ type: RetryListView, description: 'The pending retries, the soonest first.' }),
    ApiProblemResponse(400, 'A parameter is unknown or not valid.', {
      detail: 'limit must be an integer from 1 to 1000',
      errors: [{ field: 'limit', message: 'must be an integer from 1 to 1000' }],
    }),
    ApiProblemResponse(404, 'No ingestion has this id.', { detail: 'unknown ingestion_id' }),
    ApiCommonProblems(),
  );
}
