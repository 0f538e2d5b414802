import { applyDecorators } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  getSchemaPath,
} from '@nestjs/swagger';
import { CSV_TYPE, NDJSON_TYPE } from '../../../platform/http/media-type.js';
import { ApiCommonProblems, ApiInvalidParameter } from '../../../platform/openapi/problem-responses.js';
import { MAX_SCANNED } from '../ingestion-list.service.js';
import { IngestionsQuery } from './ingestions-query.dto.js';
import { IngestionList } from './ingestions-response.dto.js';

/** Documents `GET /ingestions` in `/openapi.json`. */
export function ApiListIngestions(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listIngestions',
      summary: 'List ingestions',
      description:
        'The newest first, page by page, until retention deletes them. The service checks at most ' +
        `${String(MAX_SCANNED)} ingestions per page, so with a filter a page may be short or even empty ` +
        'although more follow. The last page is the one whose `next` is null. With `Accept: text/csv` or ' +
        '`Accept: application/x-ndjson` all matching ingestions from `after` on are streamed, one line each, ' +
        'and `limit` is ignored.',
    }),
    ApiQuery({ type: IngestionsQuery }),
    ApiHeader({
      name: 'Accept',
      required: false,
      description: '`text/csv` or `application/x-ndjson` streams all matching ingestions.',
      schema: { type: 'string' },
    }),
    ApiExtraModels(IngestionList),
    ApiOkResponse({
      description: 'A page of ingestions, the newest first, or all of them as lines.',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(IngestionList) } },
        [CSV_TYPE]: { schema: { type: 'string' } },
        [NDJSON_TYPE]: { schema: { type: 'string' } },
      },
    }),
    ApiInvalidParameter('limit', 'must be an integer from 1 to 1000'),
    ApiCommonProblems(),
  );
}
