import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import {
  ApiCommonProblems,
  ApiNotJson,
  ApiProblemResponse,
} from '../../../platform/openapi/problem-responses.js';
import { StatusHeadResponse } from '../../status/dto/status-response.dto.js';
import { PriorityRequest } from './priority-request.dto.js';

const INGESTION_ID_PARAM = [
  ApiParam({
    name: 'ingestion_id',
    description: 'The id that `/ingest` answered.',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  }),
  ApiProblemResponse(404, 'No ingestion has this id.', { detail: 'unknown ingestion_id' }),
  ApiProblemResponse(409, 'Nothing of it can change any more.', {
    detail: 'the ingestion is over: nothing of it waits to be sent',
  }),
  ApiCommonProblems(),
];

/** Documents `POST /ingestions/{ingestion_id}/cancel` in `/openapi.json`. */
export function ApiCancel(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Cancel an ingestion',
      description:
        'Ids that were never sent, and those that wait to be sent again, are dropped. Those under way end; one of them ' +
        'that fails is not sent again. It is `triggered` until they have ended, then `cancelled`. Asked again, nothing ' +
        'changes.',
    }),
    ApiOkResponse({ type: StatusHeadResponse, description: 'Where it stands now.' }),
    ...INGESTION_ID_PARAM,
  );
}

/** Documents `PATCH /ingestions/{ingestion_id}` in `/openapi.json`. */
export function ApiReprioritize(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Move an ingestion to another priority',
      description:
        'What was not sent yet, and what waits to be sent again, goes to its place by acceptance in the other priority.',
    }),
    ApiBody({ type: PriorityRequest }),
    ApiOkResponse({ type: StatusHeadResponse, description: 'Where it stands now.' }),
    ApiProblemResponse(400, 'The body is not JSON, or `priority` is none of the three.', {
      detail: 'priority must be one of HIGH, MEDIUM, LOW',
      errors: [{ field: 'priority', message: 'must be one of HIGH, MEDIUM, LOW' }],
    }),
    ApiProblemResponse(413, 'The body is over `BODY_LIMIT`.', { detail: 'the body is larger than 4mb' }),
    ApiNotJson(),
    ApiProblemResponse(422, 'The JSON has the wrong shape.', {
      detail: 'priority must be a string',
      errors: [{ field: 'priority', message: 'must be a string' }],
    }),
    ...INGESTION_ID_PARAM,
  );
}
