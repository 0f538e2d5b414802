import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiCommonProblems } from '../../openapi/problem-responses.js';
import { QueueResponse } from './queue-response.dto.js';

/** How `/openapi.json` describes an endpoint of the queue. */
export function DocumentQueue(summary: string, description: string): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary, description }),
    ApiOkResponse({ type: QueueResponse, description: 'How the gate stands now.' }),
    ApiCommonProblems(),
  );
}
