import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { ApiProblemResponse } from '../../openapi/problem-responses.js';
import { IngestRequest } from './ingest-request.dto.js';
import { IngestResponse } from './ingest-response.dto.js';
import { StatusResponse } from './status-response.dto.js';

/** How `/openapi.json` describes `POST /ingest`. */
export function DocumentIngest(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Hand over a list of ids' }),
    ApiBody({ type: IngestRequest }),
    ApiHeader({ name: 'Idempotency-Key', required: false }),
    ApiOkResponse({ type: IngestResponse, description: 'Accepted and kept.' }),
    ApiProblemResponse(400, 'The body is not JSON, or a value is out of range.'),
  );
}

/** How `/openapi.json` describes `GET /status/{ingestion_id}`. */
export function DocumentStatus(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'How far is an ingestion?' }),
    ApiParam({ name: 'ingestion_id' }),
    ApiOkResponse({ type: StatusResponse, description: 'Where it stands now.' }),
    ApiProblemResponse(404, 'No ingestion has this id.'),
  );
}
