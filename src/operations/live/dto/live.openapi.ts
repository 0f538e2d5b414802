import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { ApiCommonProblems, ApiProblemResponse } from '../../../platform/openapi/problem-responses.js';
import { GateLaneQuery, UpcomingQuery } from './upcoming-query.dto.js';
import { UpcomingResponse } from './upcoming-response.dto.js';

/** Describes `GET /queue/next` in `/openapi.json`. */
export function ApiUpcoming(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'What goes out next?',
      description:
        'The head of the queue as a claim would take it now. Cut it into dispatches of `batch_size` ids to know what ' +
        'goes when. It reads as many rows as it shows, whatever waits.',
    }),
    ApiQuery({ type: UpcomingQuery }),
    ApiOkResponse({ type: UpcomingResponse, description: 'The ids that go next.' }),
    ApiProblemResponse(400, 'A parameter is unknown or not valid.', {
      detail: 'limit must be an integer from 1 to 300',
      errors: [{ field: 'limit', message: 'must be an integer from 1 to 300' }],
    }),
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
      summary: 'Watch the gate',
      description:
        'Server-sent events of one lane: `dispatch` when one begins or ends, of any replica, and `queue` when what waits has ' +
        'changed: as `GET /queue`, with the time (`now`) and the head of the queue (`next`). It begins with the last ' +
        '40 dispatches. At most ten looks a second; of a gate that is faster the newest 40 dispatches of each. Of a ' +
        'long part the first 30 ids are told. A client that does not read is dropped.',
    }),
    ApiQuery({ type: GateLaneQuery }),
    ApiOkResponse({
      description: 'The events, for as long as one listens.',
      content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE_STREAM } },
    }),
    ApiProblemResponse(400, 'The lane, or a parameter, is not known.', {
      detail: 'lane is not a known lane',
      errors: [{ field: 'lane', message: 'is not a known lane' }],
    }),
    ApiCommonProblems(),
  );
}
