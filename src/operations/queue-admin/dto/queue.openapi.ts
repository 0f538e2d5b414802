import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { ApiCommonProblems, ApiProblemResponse } from '../../../platform/openapi/problem-responses.js';
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
