import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import {
  ApiCommonProblems,
  ApiInvalidParameter,
  ApiProblemResponse,
} from '../../../platform/openapi/problem-responses.js';
import { GateLaneQuery, UpcomingQuery } from './upcoming-query.dto.js';
import { UpcomingResponse } from './upcoming-response.dto.js';

/** Describes `GET /queue/next` in `/openapi.json`. */
export function ApiUpcoming(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listUpcomingIds',
      summary: 'List the next ids',
      description:
        'The head of the queue in the order in which it would be dispatched now. Every `batch_size` ids are ' +
        'one dispatch. The cost grows only with the number of ids shown.',
    }),
    ApiQuery({ type: UpcomingQuery }),
    ApiOkResponse({ type: UpcomingResponse, description: 'The next ids.' }),
    ApiInvalidParameter('limit', 'must be an integer from 1 to 300'),
    ApiCommonProblems(),
  );
}

const EXAMPLE_STREAM = `event: dispatch
data: {"dispatch_id":"019376a0-7052-7030-9503-5afec6e12a79","started_at":"2026-11-24T10:00:05.000Z","ended_at":null,"duration_ms":null,"outcome":"in_flight","completed":0,"unsuccessful":0,"parts":[{"ingestion_id":"019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c","batch_id":"019376a0-5c00-8a3e-9b1d-2f4c6e8a0b1d","priority":"HIGH","size":3,"retry":false,"ids":[6,7,8]}]}

event: queue
data: {"now":"2026-11-24T10:00:05.100Z","paused":false,"paused_at":null,"waiting":{"high":1,"medium":2,"low":0,"total":3},"retries_waiting":0,"in_flight":3,"pace":{"batch_size":3,"batch_delay_seconds":5},"next_slot_in_seconds":4.9,"empty_in_seconds":4.9,"next":[{"ingestion_id":"019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c","priority":"HIGH","retry":false,"ids":[9]}]}
`;

/** Describes `GET /events` in `/openapi.json`. */
export function ApiLiveEvents(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'watchLane',
      summary: 'Watch a lane',
      description:
        'Server-sent events of one lane: `dispatch` when a dispatch of any replica starts or ends, and `queue` ' +
        'when the queue has changed: like `GET /queue`, with the time (`now`) and the head of the queue ' +
        '(`next`). The stream starts with the last 40 dispatches. There are at most ten updates per second, ' +
        'each with at most the newest 40 dispatches and the first 30 ids of a long part. A client that does ' +
        'not read is disconnected. `access_ended` ends the stream where the key or token has ended. ' +
        'Follow it with `curl -N`.',
    }),
    ApiQuery({ type: GateLaneQuery }),
    ApiOkResponse({
      description: 'The events, until the client disconnects.',
      content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE_STREAM } },
    }),
    ApiProblemResponse(400, 'The lane or a parameter is unknown.', {
      detail: 'lane is not a known lane; the lanes are default, crm',
      errors: [{ field: 'lane', message: 'is not a known lane; the lanes are default, crm' }],
    }),
    ApiCommonProblems(),
  );
}
