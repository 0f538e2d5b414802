import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiIngestionId } from '../../../platform/openapi/ingestion-id.param.js';
import {
  ApiCommonProblems,
  ApiNotJson,
  ApiProblemResponse,
} from '../../../platform/openapi/problem-responses.js';
import { StatusHeadResponse } from '../../status/dto/status-response.dto.js';
import { PriorityRequest } from './priority-request.dto.js';

const INGESTION_ID_PARAM = [
  ApiIngestionId(),
  ApiProblemResponse(404, 'No ingestion has this id.', { detail: 'unknown ingestion_id' }),
  ApiProblemResponse(409, 'The ingestion has ended, so nothing of it can change.', {
    detail: 'the ingestion is over: nothing of it waits to be sent',
  }),
  ApiCommonProblems(),
];

/** Documents `POST /ingestions/{ingestion_id}/cancel` in `/openapi.json`. */
export function ApiCancel(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'cancelIngestion',
      summary: 'Cancel an ingestion',
      description:
        'Pending ids are dropped: those that were never sent, and those that are due for a retry. Ids in ' +
        'flight end; if one of them fails, it is not sent again. The status is `triggered` until they ' +
        'have ended, then `cancelled`. Cancelling again changes nothing.',
    }),
    ApiOkResponse({ type: StatusHeadResponse, description: 'The status of the ingestion now.' }),
    ...INGESTION_ID_PARAM,
  );
}

/** Documents `PATCH /ingestions/{ingestion_id}` in `/openapi.json`. */
export function ApiReprioritize(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'changePriority',
      summary: 'Change the priority of an ingestion',
      description:
        'Pending ids, retries included, get the new priority. Among the ids of that priority they keep ' +
        'the order of acceptance.',
    }),
    ApiBody({ type: PriorityRequest }),
    ApiOkResponse({ type: StatusHeadResponse, description: 'The status of the ingestion now.' }),
    ApiProblemResponse(400, 'The body is not JSON, or `priority` is not one of the three values.', {
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
