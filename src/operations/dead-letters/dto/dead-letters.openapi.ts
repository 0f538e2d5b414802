import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery } from '@nestjs/swagger';
import { ApiCommonProblems, ApiProblemResponse } from '../../../platform/openapi/problem-responses.js';
import { DeadLetterPageQuery, RedriveQuery } from './dead-letter-query.dto.js';
import { DeadLetterCountsResponse, DeadLetterPage, RedriveResponse } from './dead-letter-response.dto.js';

const NOTHING_CHOSEN = 'all is required where neither ingestion_id nor kind is given';

const BAD_PARAMETER = ApiProblemResponse(400, 'A parameter is unknown or not valid.', {
  detail: 'age is not a known parameter',
  errors: [{ field: 'age', message: 'is not a known parameter' }],
});

/** Describes `GET /dead-letters` in `/openapi.json`. */
export function ApiListDeadLetters(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Which ids gave up, and why?',
      description: 'The newest first, page by page.',
    }),
    ApiQuery({ type: DeadLetterPageQuery }),
    ApiOkResponse({ type: DeadLetterPage, description: 'A page of them, the newest first.' }),
    BAD_PARAMETER,
    ApiCommonProblems(),
  );
}

/** Describes `GET /dead-letters/counts` in `/openapi.json`. */
export function ApiDeadLetterCounts(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Count the dead letters by kind',
      description: 'Cheap however many there are: counting a kind stops at `max_per_kind`.',
    }),
    ApiOkResponse({ type: DeadLetterCountsResponse, description: 'The counts.' }),
    ApiCommonProblems(),
  );
}

/** Describes `POST /dead-letters/redrive` in `/openapi.json`. */
export function ApiRedrive(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Send all dead letters that match again',
      description:
        'They go back into the queue at their own priority, their attempts start anew, and their ingestions are ' +
        '`triggered` again. `ingestion_id`, `kind` or both choose them; `ingestion_id` and `position` name a single ' +
        'one; `all=true` alone means every one there is. Without any of these the request is refused with 422.',
    }),
    ApiQuery({ type: RedriveQuery }),
    ApiOkResponse({ type: RedriveResponse, description: 'How many went.' }),
    BAD_PARAMETER,
    ApiProblemResponse(422, 'Nothing says which are meant, or `all` stands beside a filter.', {
      detail: NOTHING_CHOSEN,
      errors: [{ field: 'all', message: 'is required where neither ingestion_id nor kind is given' }],
    }),
    ApiCommonProblems(),
  );
}

/** Describes `POST /ingestions/{ingestion_id}/redrive` in `/openapi.json`. */
export function ApiRedriveIngestion(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Send the dead letters of one ingestion again',
      description: 'They go back into the queue at its priority, and it is `triggered` again.',
    }),
    ApiParam({
      name: 'ingestion_id',
      description: 'The id that `/ingest` answered.',
      example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
    }),
    ApiOkResponse({ type: RedriveResponse, description: 'How many went; 0 where none had given up.' }),
    ApiProblemResponse(404, 'No ingestion has this id.', { detail: 'unknown ingestion_id' }),
    ApiCommonProblems(),
  );
}
