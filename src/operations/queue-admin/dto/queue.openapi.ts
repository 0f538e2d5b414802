import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { ApiCommonProblems, ApiProblemResponse } from '../../../platform/openapi/problem-responses.js';
import { LaneActivitiesResponse } from './lane-activity-response.dto.js';
import { LaneQuery } from './lane-query.dto.js';
import { QueuesResponse } from './queue-response.dto.js';

/** Describes an endpoint of the queue in `/openapi.json`. */
export function ApiQueue(operationId: string, summary: string, description: string): MethodDecorator {
  return applyDecorators(
    ApiOperation({ operationId, summary, description }),
    ApiOkResponse({ type: QueuesResponse, description: 'The current state of the queue.' }),
    ApiCommonProblems(),
  );
}

/** Describes the endpoint that shows what each lane did lately. */
export function ApiLaneActivities(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'getLaneActivity',
      summary: 'Get what each lane did lately',
      description:
        'The dispatches of the last minute, the age of the oldest pending ingestion and the last error of each ' +
        'lane, over all replicas. The cost does not grow with the queue.',
    }),
    ApiOkResponse({ type: LaneActivitiesResponse, description: 'The recent activity of each lane.' }),
    ApiCommonProblems(),
  );
}

/** Describes an endpoint of the queue that accepts a lane. */
export function ApiLaneQueue(operationId: string, summary: string, description: string): MethodDecorator {
  return applyDecorators(
    ApiQueue(operationId, summary, description),
    ApiQuery({ type: LaneQuery }),
    ApiProblemResponse(400, 'The lane or a parameter is unknown.', {
      detail: 'lane is not a known lane; the lanes are default, crm',
      errors: [{ field: 'lane', message: 'is not a known lane; the lanes are default, crm' }],
    }),
  );
}
