import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { ApiCommonProblems, ApiProblemResponse } from '../../../platform/openapi/problem-responses.js';
import { ID_RULE } from '../../../domain/packed-ids.js';
import { ACCEPTANCE_HEADERS } from '../../dto/acceptance-headers.js';
import { StreamResponse } from './stream-response.dto.js';
import { StreamQuery } from './stream-query.dto.js';

const badRequest = { field: 'line 3', message: `${ID_RULE}, not "abc"` };

/** Documents `POST /ingest/stream` in `/openapi.json`. */
export function ApiStream(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'submitStream',
      summary: 'Submit a list of any length as a stream',
      description:
        'The list is read while it arrives, up to `MAX_STREAM_IDS` (10,000,000) ids. `Content-Encoding: ' +
        'gzip` is decompressed. The list is accepted as a whole or not at all: an invalid line is ' +
        'reported with its number, and nothing is queued; the same is true if the client disconnects. ' +
        'Lines end with LF or CR LF; empty lines are skipped. Two requests are the same if they have the ' +
        'same `Idempotency-Key`; without a key, if they have the same ids and priority.',
    }),
    ApiQuery({ type: StreamQuery }),
    ApiConsumes('text/plain', 'text/csv', 'application/x-ndjson'),
    ApiBody({
      description:
        'The ids in the order in which they are sent; an id that occurs twice is processed twice. One id ' +
        'per line; as CSV with or without a header and other columns; as NDJSON also `{"id": 7}`.',
      required: true,
      schema: { type: 'string', example: '1\n2\n10000000000000000007\n' },
    }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'Identifies this request. A request with the same key and list is not accepted twice.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    ApiHeader({
      name: 'X-Callback-Url',
      required: false,
      description:
        'The URL for the webhook when the list has ended, as `callback_url` of `POST /ingest`. 400 if it ' +
        'is not allowed.',
      schema: { type: 'string', format: 'uri', maxLength: 2048 },
    }),
    ApiHeader({
      name: 'Content-Encoding',
      required: false,
      description: 'The compression of the list.',
      schema: { type: 'string', enum: ['gzip', 'identity'] },
    }),
    ApiOkResponse({
      type: StreamResponse,
      description: 'The list is accepted and stored.',
      headers: ACCEPTANCE_HEADERS,
    }),
    ApiProblemResponse(400, 'A line is not an id, the list holds none, or a parameter is not allowed.', {
      detail: `${badRequest.field} ${badRequest.message}`,
      errors: [badRequest],
    }),
    ApiProblemResponse(408, 'The client sent nothing more for 30 s.', { detail: 'nothing came for 30 s' }),
    ApiProblemResponse(
      413,
      'The list has more ids than `MAX_STREAM_IDS` or `MAX_WAITING_IDS`, is larger than `STREAM_LIMIT`, ' +
        'or decompresses to more than 100 times its size.',
      {
        detail: 'the list holds more than 10000000 ids',
      },
    ),
    ApiProblemResponse(
      415,
      'The body is not one of the three types in UTF-8, or its compression is not gzip.',
      {
        detail: 'Content-Type must be one of text/csv, text/plain, application/x-ndjson, in UTF-8',
      },
    ),
    ApiProblemResponse(422, 'The `Idempotency-Key` was used with another list.', {
      detail: 'this Idempotency-Key was used with another body',
    }),
    ApiCommonProblems(),
  );
}
