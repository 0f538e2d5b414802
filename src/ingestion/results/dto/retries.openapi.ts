import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { ApiIngestionId } from '../../../platform/openapi/ingestion-id.param.js';
import {
  ApiCommonProblems,
  ApiInvalidParameter,
  ApiProblemResponse,
} from '../../../platform/openapi/problem-responses.js';
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
    ApiIngestionId(),
    ApiQuery({ type: RetriesQuery }),
    ApiOkResponse({ type: RetryListView, description: 'The pending retries, the soonest first.' }),
    ApiInvalidParameter('limit', 'must be an integer from 1 to 1000'),
    ApiProblemResponse(404, 'No ingestion has this id.', { detail: 'unknown ingestion_id' }),
    ApiCommonProblems(),
  );
}
