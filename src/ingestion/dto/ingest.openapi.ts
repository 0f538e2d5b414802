import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  getSchemaPath,
} from '@nestjs/swagger';
import { LARGE_IDS } from '../../platform/openapi/id.schema.js';
import {
  ApiCommonProblems,
  ApiNotJson,
  ApiProblemResponse,
} from '../../platform/openapi/problem-responses.js';
import { ACCEPTANCE_HEADERS } from './acceptance-headers.js';
import { ID_RULE } from '../../domain/packed-ids.js';
import { IngestRequest } from './ingest-request.dto.js';
import { IngestQuery } from './ingest-query.dto.js';
import { IngestResponse } from './ingest-response.dto.js';
import { OutlookResponse } from '../status/dto/status-response.dto.js';

const EXAMPLES = {
  medium: { summary: 'Five ids', value: { ids: [1, 2, 3, 4, 5], priority: 'MEDIUM' } },
  high: { summary: 'Four ids that go first', value: { ids: [6, 7, 8, 9], priority: 'HIGH' } },
  labelled: {
    summary: 'With labels',
    value: { ids: [1, 2, 3], priority: 'LOW', labels: { shop: 'berlin', job: 'reprice' } },
  },
  later: {
    summary: 'Not before a time',
    value: { ids: [1, 2, 3], priority: 'LOW', not_before: '2036-11-24T22:00:00Z' },
  },
  large: { summary: 'Ids beyond a double', value: { ids: LARGE_IDS, priority: 'LOW' } },
};

const badRequest = { field: 'ids[2]', message: ID_RULE };

/** Documents `POST /ingest` in `/openapi.json`. */
export function ApiIngest(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'submitIngestion',
      summary: 'Submit a list of ids',
      description:
        'The service responds after the list is on disk. The same request, sent again within ' +
        '`IDEMPOTENCY_WINDOW_SECONDS` (300), gets the same `ingestion_id`. Requests are the same if they ' +
        'have the same `Idempotency-Key`; without a key, if they have the same `ids`, `priority`, ' +
        '`callback_url`, `labels`, `not_before` and `expires_at`.',
    }),
    ApiQuery({ type: IngestQuery }),
    ApiBody({ type: IngestRequest, examples: EXAMPLES }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'Identifies this request. A request with the same key and body is not accepted twice.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    ApiExtraModels(IngestResponse, OutlookResponse),
    ApiOkResponse({
      schema: { oneOf: [{ $ref: getSchemaPath(IngestResponse) }, { $ref: getSchemaPath(OutlookResponse) }] },
      description:
        'The list is accepted and stored. With `dry_run=true` the response has `ids_ahead`, ' +
        '`estimated_start_at` and `estimated_completion_at` instead, as in the status.',
      headers: ACCEPTANCE_HEADERS,
    }),
    ApiProblemResponse(
      400,
      'The body is not JSON, `ids` is empty, a value is not allowed, or `callback_url` is refused.',
      {
        detail: `ids[2] ${ID_RULE}`,
        errors: [badRequest],
      },
    ),
    ApiProblemResponse(
      413,
      'The body is over `BODY_LIMIT`, or holds more ids than `MAX_IDS_PER_REQUEST` or `MAX_WAITING_IDS`.',
      {
        detail: 'ids holds 100001 ids, at most 100000 are allowed',
      },
    ),
    ApiNotJson(),
    ApiProblemResponse(
      422,
      'The JSON has the wrong shape, or the `Idempotency-Key` was used with another body.',
      { detail: `ids[2] ${ID_RULE}`, errors: [badRequest] },
    ),
    ApiCommonProblems(),
  );
}
