import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { ApiCommonProblems, ApiProblemResponse } from '../../../platform/openapi/problem-responses.js';
import { ID_RULE } from '../../../domain/packed-ids.js';
import { StreamResponse } from './stream-response.dto.js';
import { StreamQuery } from './stream-query.dto.js';

const badRequest = { field: 'line 3', message: `${ID_RULE}, not "abc"` };

/** Documents `POST /ingest/stream` in `/openapi.json`. */
export function ApiStream(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Hand over a list of any length',
      description:
        'Read while it arrives, whatever its length, up to `MAX_STREAM_IDS` (10,000,000) ids; `Content-Encoding: gzip` ' +
        'is unpacked. Whole or nothing: a bad line is answered with its number and nothing is queued, and a client ' +
        'that breaks off leaves nothing. Lines end with LF or CR LF; blank ones are passed over. Equal lists are one, ' +
        'as with `POST /ingest`: by their `Idempotency-Key`, else by their ids and priority.',
    }),
    ApiQuery({ type: StreamQuery }),
    ApiConsumes('text/plain', 'text/csv', 'application/x-ndjson'),
    ApiBody({
      description:
        'The ids, in this order; a value given twice is processed twice. An id a line; as CSV, with or without a header ' +
        'and other columns; as NDJSON, also `{"id": 7}`.',
      required: true,
      schema: { type: 'string', example: '1\n2\n10000000000000000007\n' },
    }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'Names this request: sent again with the same key and list it is not accepted twice.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    ApiHeader({
      name: 'X-Callback-Url',
      required: false,
      description:
        'Where to tell that the list has ended, as `callback_url` of `POST /ingest`; 400 where it is refused.',
      schema: { type: 'string', format: 'uri', maxLength: 2048 },
    }),
    ApiHeader({
      name: 'Content-Encoding',
      required: false,
      description: 'Where the list is packed.',
      schema: { type: 'string', enum: ['gzip', 'identity'] },
    }),
    ApiOkResponse({
      type: StreamResponse,
      description: 'Accepted and kept.',
      headers: {
        Location: {
          description: 'Where to follow it: `/status/{ingestion_id}`.',
          schema: { type: 'string' },
        },
        'Idempotency-Replayed': {
          description: '`true` where an earlier acceptance answers and nothing new was queued.',
          schema: { type: 'string', enum: ['true'] },
        },
      },
    }),
    ApiProblemResponse(400, 'A line is not an id, the list holds none, or a parameter is not allowed.', {
      detail: `${badRequest.field} ${badRequest.message}`,
      errors: [badRequest],
    }),
    ApiProblemResponse(408, 'The client sent nothing more for 30 s.', { detail: 'nothing came for 30 s' }),
    ApiProblemResponse(
      413,
      'The list holds more ids than `MAX_STREAM_IDS` or `MAX_WAITING_IDS`, is larger than `STREAM_LIMIT`, or unpacks to ' +
        'more than 100 times what was sent.',
      {
        detail: 'the list holds more than 10000000 ids',
      },
    ),
    ApiProblemResponse(
      415,
      'The body is none of the three types in UTF-8, or packed otherwise than with gzip.',
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
