import { applyDecorators } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
} from '@nestjs/swagger';
import {
  ApiCommonProblems,
  ApiInvalidParameter,
  ApiNotJson,
  ApiProblemResponse,
} from '../../../platform/openapi/problem-responses.js';
import { BulkActionBody, BulkActionPage, BulkActionsQuery, BulkActionView } from './bulk-action.dto.js';

const BULK_ACTION_ID = [
  ApiParam({
    name: 'bulk_action_id',
    description: 'The id that `POST /bulk-actions` returned.',
    example: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c',
  }),
  ApiProblemResponse(404, 'No bulk action has this id.', { detail: 'unknown bulk_action_id' }),
  ApiCommonProblems(),
];

/** Describes `POST /bulk-actions` in `/openapi.json`. */
export function ApiPlanBulkAction(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'planBulkAction',
      summary: 'Plan a bulk action',
      description:
        'Counts what the action would change and freezes its upper bound: nothing newer is changed. Changes nothing ' +
        'yet; start the plan within an hour.',
    }),
    ApiBody({ type: BulkActionBody }),
    ApiCreatedResponse({ type: BulkActionView, description: 'The plan.' }),
    ApiProblemResponse(400, 'The body is not JSON, or a value is not allowed.', {
      detail: 'action must be one of cancel, reprioritize, redrive, discard',
      errors: [{ field: 'action', message: 'must be one of cancel, reprioritize, redrive, discard' }],
    }),
    ApiProblemResponse(413, 'The body is over `BODY_LIMIT`.', { detail: 'the body is larger than 4mb' }),
    ApiNotJson(),
    ApiProblemResponse(422, 'The JSON has the wrong shape.', {
      detail: 'filter is required; {} selects all',
      errors: [{ field: 'filter', message: 'is required; {} selects all' }],
    }),
    ApiCommonProblems(),
  );
}

/** Describes `POST /bulk-actions/{bulk_action_id}/start` in `/openapi.json`. */
export function ApiStartBulkAction(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'startBulkAction',
      summary: 'Start a bulk action',
      description:
        'Starts a plan, or goes on with an action that was stopped. It runs in small steps, also after a restart, or at ' +
        'another replica. A repeated start changes nothing.',
    }),
    ApiAcceptedResponse({ type: BulkActionView, description: 'The action, which is running.' }),
    ApiProblemResponse(409, 'The plan has expired, or the action has ended.', {
      detail: 'the plan has expired: plan it again',
    }),
    ...BULK_ACTION_ID,
  );
}

/** Describes `POST /bulk-actions/{bulk_action_id}/stop` in `/openapi.json`. */
export function ApiStopBulkAction(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'stopBulkAction',
      summary: 'Stop a bulk action',
      description: 'The step that is running ends. What was changed stays changed.',
    }),
    ApiOkResponse({ type: BulkActionView, description: 'The action, which is stopped.' }),
    ApiProblemResponse(409, 'The action is not running.', { detail: 'the action is completed' }),
    ...BULK_ACTION_ID,
  );
}

/** Describes `GET /bulk-actions/{bulk_action_id}` in `/openapi.json`. */
export function ApiGetBulkAction(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'getBulkAction',
      summary: 'Get a bulk action',
      description: 'Its plan and progress.',
    }),
    ApiOkResponse({ type: BulkActionView, description: 'The action.' }),
    ...BULK_ACTION_ID,
  );
}

/** Describes `GET /bulk-actions` in `/openapi.json`. */
export function ApiListBulkActions(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listBulkActions',
      summary: 'List bulk actions',
      description: 'The newest first, page by page. An action is deleted 30 days after its end.',
    }),
    ApiQuery({ type: BulkActionsQuery }),
    ApiOkResponse({ type: BulkActionPage, description: 'A page of actions, the newest first.' }),
    ApiInvalidParameter('limit', 'must be an integer from 1 to 1000'),
    ApiCommonProblems(),
  );
}
