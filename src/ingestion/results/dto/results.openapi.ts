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
import { ResultQuery } from './result-query.dto.js';
import { ResultPageView } from './result-response.dto.js';
import { NDJSON_TYPE } from '../../../platform/http/media-type.js';

const EXAMPLE_PAGE = {
  results: [
    { id: 1, status: 'completed', data: 'processed' },
    { id: 2, status: 'failed', error: { kind: 'rejected', message: 'no such id' } },
    { id: 3, status: 'yet_to_start' },
  ],
  next: null,
};

const EXAMPLE_LINES = `${EXAMPLE_PAGE.results.map((result) => JSON.stringify(result)).join('\n')}\n`;

/** Documents `GET /ingestions/{ingestion_id}/results` in `/openapi.json`. */
export function ApiResults(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listResults',
      summary: 'List the results of an ingestion',
      description:
        'The results are in the order of the ids; ids without an outcome are included. A page has at most ' +
        'one megabyte, or one chunk of results that is longer. With `Accept: application/x-ndjson` all ' +
        'results from `after` on are streamed, one line per id, and `limit` is ignored. The response is ' +
        'compressed if `Accept-Encoding` contains gzip.',
    }),
    ApiIngestionId(),
    ApiQuery({ type: ResultQuery }),
    ApiHeader({
      name: 'Accept',
      required: false,
      description: '`application/x-ndjson` streams all results.',
      schema: { type: 'string' },
    }),
    ApiExtraModels(ResultPageView),
    ApiOkResponse({
      description: 'A page of results, or all results as lines.',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(ResultPageView) }, example: EXAMPLE_PAGE },
        [NDJSON_TYPE]: { schema: { type: 'string' }, example: EXAMPLE_LINES },
      },
    }),
    ApiInvalidParameter('limit', 'must be an integer from 1 to 1000'),
    ApiProblemResponse(404, 'No ingestion has this id, or results are not stored (`RESULTS=off`).', {
      detail: 'unknown ingestion_id',
    }),
    ApiCommonProblems(),
  );
}
