import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { ApiCommonProblems, ApiProblemResponse } from '../../../platform/openapi/problem-responses.js';
import { StatusQuery } from './status-query.dto.js';
import { StatusResponse } from './status-response.dto.js';

/** Documents `GET /status/{ingestion_id}` in `/openapi.json`. */
export function ApiStatus(): MethodDecorator {
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
    ApiHeader({
      name: 'Prefer',
      required: false,
      description: '`wait=10` answers as soon as something changes, after 10 seconds at the latest.',
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

const EXAMPLE_STREAM = `event: status
id: 0
data: {"status":"triggered"}

event: batch
id: 0
data: {"batch_id":"019376a0-5c00-8a3e-9b1d-2f4c6e8a0b1d","ids":[1,2,3],"status":"triggered"}

event: progress
id: 0
data: {"total":5,"yet_to_start":2,"in_flight":3,"completed":0,"failed":0,"percent":0}
`;

/** Documents `GET /status/{ingestion_id}/events` in `/openapi.json`. */
export function ApiStatusEvents(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Follow an ingestion',
      description:
        'Server-sent events: `status` and `batch` when one has changed, `progress` after each change, `done` at the ' +
        'end. It begins with how the ingestion stands, at most the last 1,000 batches begun. `access_ended` ends it ' +
        'where the key or token has ended. Resumed with `Last-Event-ID` nothing is missed, though some may come twice. A client that does not read is dropped.',
    }),
    ApiParam({
      name: 'ingestion_id',
      description: 'The id that `/ingest` answered.',
      example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
    }),
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description: 'The `id` of the last event that was received; an `EventSource` sends it by itself.',
      schema: { type: 'string' },
    }),
    ApiOkResponse({
      description: 'The events, until the ingestion has ended.',
      content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE_STREAM } },
    }),
    ApiResponse({ status: 204, description: 'The last event was received: there is nothing more.' }),
    ApiProblemResponse(404, 'No ingestion has this id.', { detail: 'unknown ingestion_id' }),
    ApiCommonProblems(),
  );
}
