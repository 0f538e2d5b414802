import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { ApiIngestionId } from '../../../platform/openapi/ingestion-id.param.js';
import {
  ApiCommonProblems,
  ApiInvalidParameter,
  ApiProblemResponse,
} from '../../../platform/openapi/problem-responses.js';
import { StatusQuery } from './status-query.dto.js';
import { StatusResponse } from './status-response.dto.js';

/** Documents `GET /status/{ingestion_id}` in `/openapi.json`. */
export function ApiStatus(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'getStatus',
      summary: 'Get the status of an ingestion',
      description:
        'The batches are in the order of the ids. Batches that were not sent yet are planned: their ids ' +
        'may change, but the n-th batch always has the same `batch_id`, and a batch that was sent never ' +
        'changes its ids. Read the batches of a long list in pages, or leave them out.',
    }),
    ApiQuery({ type: StatusQuery }),
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description:
        'The `ETag` of a response that the client has: the service responds with 304 if nothing has ' +
        'changed.',
      schema: { type: 'string' },
    }),
    ApiHeader({
      name: 'Prefer',
      required: false,
      description: '`wait=10` responds when something changes, and after 10 seconds at the latest.',
      schema: { type: 'string' },
    }),
    ApiIngestionId(),
    ApiOkResponse({
      type: StatusResponse,
      description: 'The status of the ingestion now.',
      headers: {
        ETag: { description: 'Identifies this version of the status.', schema: { type: 'string' } },
      },
    }),
    ApiResponse({ status: 304, description: 'The status with this `ETag` has not changed.' }),
    ApiInvalidParameter('limit', 'must be an integer from 1 to 10000'),
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
      operationId: 'followIngestion',
      summary: 'Follow an ingestion',
      description:
        'Server-sent events: `status` and `batch` when one has changed, `progress` after each change, ' +
        '`held_by` when the cause has changed for which the lane sends none of its ids, `done` at the end. The stream begins with the current state, at most the last 1,000 batches that ' +
        'were sent. `access_ended` ends it when the key or token has ended. A client that resumes with ' +
        '`Last-Event-ID` misses nothing, but may get an event twice. A client that does not read is ' +
        'disconnected. Follow it with `curl -N`, or `sluice watch`.',
    }),
    ApiIngestionId(),
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description:
        'The `id` of the last event that the client received; an `EventSource` sends it automatically.',
      schema: { type: 'string' },
    }),
    ApiOkResponse({
      description: 'The events, until the ingestion has ended.',
      content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE_STREAM } },
    }),
    ApiResponse({ status: 204, description: 'The client has received the last event; no more follow.' }),
    ApiProblemResponse(404, 'No ingestion has this id.', { detail: 'unknown ingestion_id' }),
    ApiCommonProblems(),
  );
}
