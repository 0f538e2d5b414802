import { applyDecorators } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  getSchemaPath,
} from '@nestjs/swagger';
import { ApiIngestionId } from '../../../platform/openapi/ingestion-id.param.js';
import {
  ApiCommonProblems,
  ApiInvalidParameter,
  ApiProblemResponse,
} from '../../../platform/openapi/problem-responses.js';
import { CSV_TYPE, NDJSON_TYPE } from '../../../platform/http/media-type.js';
import { DeadLetterFilterQuery, DeadLetterPageQuery, RedriveQuery } from './dead-letter-query.dto.js';
import { DeadLetterCountsResponse, DeadLetterPage, RedriveResponse } from './dead-letter-response.dto.js';

const NOTHING_CHOSEN = 'all is required where neither ingestion_id nor kind is given';

const BAD_PARAMETER = ApiInvalidParameter('age', 'is not a known parameter');

/** Describes `GET /dead-letters` in `/openapi.json`. */
export function ApiListDeadLetters(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listDeadLetters',
      summary: 'List dead letters',
      description:
        'The newest first, page by page. A page reads at most 5,000 dead letters that have one of the given properties: if ' +
        'few of them have the others too, it may be short or empty and still have a `next`. With `Accept: text/csv` ' +
        'or `application/x-ndjson` all that match are streamed, one line per id, and `limit` is ignored.',
    }),
    ApiQuery({ type: DeadLetterPageQuery }),
    ApiHeader({
      name: 'Accept',
      required: false,
      description: '`text/csv` or `application/x-ndjson` streams all that match.',
      schema: { type: 'string' },
    }),
    ApiExtraModels(DeadLetterPage),
    ApiOkResponse({
      description: 'A page of dead letters, or all that match as lines.',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(DeadLetterPage) } },
        [CSV_TYPE]: { schema: { type: 'string' } },
        [NDJSON_TYPE]: { schema: { type: 'string' } },
      },
    }),
    BAD_PARAMETER,
    ApiCommonProblems(),
  );
}

/** Describes `GET /dead-letters/counts` in `/openapi.json`. */
export function ApiDeadLetterCounts(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'countDeadLetters',
      summary: 'Count dead letters',
      description:
        'Counts what matches exactly, in all and by error and lane, in steps between which other requests are served. ' +
        '`kinds` counts all dead letters; counting a kind stops at `max_per_kind`.',
    }),
    ApiQuery({ type: DeadLetterFilterQuery }),
    ApiOkResponse({ type: DeadLetterCountsResponse, description: 'The counts.' }),
    BAD_PARAMETER,
    ApiCommonProblems(),
  );
}

/** Describes `POST /dead-letters/redrive` in `/openapi.json`. */
export function ApiRedrive(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'redriveDeadLetters',
      summary: 'Redrive all dead letters that match',
      description:
        'Requeues the dead letters with the priority of their ingestion. Their attempts start again, and their ' +
        'ingestions become `triggered` again. `ingestion_id`, `kind` or both select them; `ingestion_id` and ' +
        '`position` select a single one; `all=true` alone selects all. Without any of these the request is ' +
        'rejected with 422.',
    }),
    ApiQuery({ type: RedriveQuery }),
    ApiOkResponse({ type: RedriveResponse, description: 'The number of requeued dead letters.' }),
    BAD_PARAMETER,
    ApiProblemResponse(422, 'No filter and no `all` is given, or `all` is combined with a filter.', {
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
      operationId: 'redriveIngestion',
      summary: 'Redrive the dead letters of an ingestion',
      description:
        'Requeues the dead letters with the priority of the ingestion, which becomes `triggered` again.',
    }),
    ApiIngestionId(),
    ApiOkResponse({
      type: RedriveResponse,
      description: 'The number of requeued dead letters; 0 if there were none.',
    }),
    ApiProblemResponse(404, 'No ingestion has this id.', { detail: 'unknown ingestion_id' }),
    ApiProblemResponse(409, 'The lane of the ingestion is retired.', {
      detail: 'lane crm is retired: make it again before its ids are sent again',
    }),
    ApiCommonProblems(),
  );
}
