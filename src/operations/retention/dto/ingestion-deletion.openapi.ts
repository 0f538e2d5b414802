import { applyDecorators } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { ApiIngestionId } from '../../../platform/openapi/ingestion-id.param.js';
import { ApiCommonProblems, ApiProblemResponse } from '../../../platform/openapi/problem-responses.js';

/** Describes `DELETE /ingestions/{ingestion_id}` in `/openapi.json`. */
export function ApiDeleteIngestion(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'deleteIngestion',
      summary: 'Delete an ingestion',
      description:
        'Deletes an ingestion that has ended, with its ids, results, dead letters and webhook deliveries. From the answer ' +
        'on it is unknown (404), and its idempotency key is free. The rows of a large one are deleted in the background, ' +
        'in small steps. The dispatches that carried its ids stay, without them. Backups keep what they hold.',
    }),
    ApiIngestionId(),
    ApiNoContentResponse({ description: 'It is deleted.' }),
    ApiProblemResponse(404, 'No ingestion has this id.', { detail: 'unknown ingestion_id' }),
    ApiProblemResponse(409, 'It has not ended: ids are pending or in flight.', {
      detail: 'the ingestion has not ended: cancel it, and wait until its ids in flight have their outcome',
    }),
    ApiCommonProblems(),
  );
}
