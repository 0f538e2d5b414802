import { applyDecorators } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
} from '@nestjs/swagger';
import {
  ApiCommonProblems,
  ApiNotJson,
  ApiProblemResponse,
} from '../../../platform/openapi/problem-responses.js';
import { RETIRE_MODES } from '../../../scheduler/settings/lane-settings.repository.js';
import { LaneResponse, LanesResponse } from './lane-response.dto.js';

const ETAG = {
  ETag: {
    description: 'The version of the settings, for `If-Match`.',
    schema: { type: 'string', example: '"3"' },
  },
} as const;

const OF_LANE = [
  ApiParam({ name: 'lane', description: 'The name of the lane.', example: 'crm' }),
  ApiOkResponse({ type: LaneResponse, description: 'The settings of the lane now.', headers: ETAG }),
  ApiProblemResponse(404, 'There is no such lane, or it has no such setting.', { detail: 'unknown lane' }),
  ApiCommonProblems(),
];

const OF_CHANGE = [
  ApiHeader({
    name: 'If-Match',
    description: 'Change these settings only if they still have this version, which `ETag` gave.',
    required: false,
    example: '"3"',
  }),
  ApiProblemResponse(412, 'The settings have another version than `If-Match` names.', {
    detail: 'the settings of the lane have version 4 now',
  }),
];

const OF_BODY = [
  ApiBody({
    description: 'Settings by their names in the lanes file.',
    schema: {
      type: 'object',
      additionalProperties: true,
      example: { batch_size: 10, limits: [{ calls: 190, per: 10 }], batch_delay: null },
    },
  }),
  ApiProblemResponse(400, 'The body is not JSON.', { detail: 'the body is not JSON' }),
  ApiProblemResponse(413, 'The body is over `BODY_LIMIT`.', { detail: 'the body is larger than 4mb' }),
  ApiNotJson(),
  ApiProblemResponse(422, 'A lane cannot have these settings.', {
    detail: 'batch_size must not be less than 1, not "0"',
  }),
];

/** Describes `GET /lanes` in `/openapi.json`. */
export function ApiListLanes(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listLanes',
      summary: 'List the lanes with their settings',
      description: 'Each setting says where its value comes from. The settings are those of all replicas.',
    }),
    ApiOkResponse({ type: LanesResponse, description: 'All lanes.' }),
    ApiCommonProblems(),
  );
}

/** Describes `GET /lanes/{lane}` in `/openapi.json`. */
export function ApiShowLane(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'getLane',
      summary: 'Show the settings of a lane',
      description: 'Each setting says where its value comes from.',
    }),
    ...OF_LANE,
  );
}

/** Describes `PATCH /lanes/{lane}` in `/openapi.json`. */
export function ApiPatchLane(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'changeLane',
      summary: 'Change some settings of a lane',
      description:
        'Changes the settings that are named; null reverts a setting to its base. The change holds on all replicas and ' +
        'across restarts until it is reverted. After the response nothing is sent by the old settings any more. A lane that ' +
        'is being retired can be changed too.',
    }),
    ...OF_BODY,
    ...OF_CHANGE,
    ...OF_LANE,
  );
}

/** Describes `PUT /lanes/{lane}` in `/openapi.json`. */
export function ApiPutLane(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'replaceLaneChanges',
      summary: 'Make a lane, or set all that the API changes of it',
      description:
        'Makes a lane that does not exist, with these settings above those of the environment; other replicas have it within ' +
        'a second. Of a lane that exists, it works like PATCH, and reverts all settings that are not named to their base. A ' +
        'lane that is being retired is not made again before it is gone (409).',
    }),
    ApiHeader({
      name: 'If-None-Match',
      description: '`*` refuses a lane that exists.',
      required: false,
      example: '*',
    }),
    ApiCreatedResponse({ type: LaneResponse, description: 'The lane was made.', headers: ETAG }),
    ApiProblemResponse(409, 'The lane is being retired.', {
      detail: 'lane crm is being retired: make it again once it is gone, or change its settings with PATCH',
    }),
    ...OF_BODY,
    ...OF_CHANGE,
    ...OF_LANE,
  );
}

/** Describes `DELETE /lanes/{lane}` in `/openapi.json`. */
export function ApiRetireLane(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'retireLane',
      summary: 'Retire a lane that was made over the API',
      description:
        'The lane takes no new lists. Once nothing of it is pending and no call is in flight, it is gone. Its lists and its ' +
        'history stay.',
    }),
    ApiParam({ name: 'lane', description: 'The name of the lane.', example: 'crm' }),
    ApiQuery({
      name: 'pending',
      enum: RETIRE_MODES,
      required: false,
      description:
        'The end of the pending ids: `refuse` (default) answers 409 and retires nothing if there are some, `cancel` cancels ' +
        'them, `drain` sends them first.',
    }),
    ApiAcceptedResponse({ type: LaneResponse, description: 'The lane is being retired.' }),
    ApiProblemResponse(400, 'The value of `pending` is another one.', {
      detail: 'pending must be one of refuse, cancel, drain',
    }),
    ApiProblemResponse(404, 'There is no such lane.', { detail: 'unknown lane' }),
    ApiProblemResponse(409, 'Ids are pending in the lane, or it was not made over the API.', {
      detail: 'ids are pending in lane crm: retire it with pending=cancel or pending=drain',
    }),
    ApiCommonProblems(),
  );
}

/** Describes `DELETE /lanes/{lane}/settings/{setting}` in `/openapi.json`. */
export function ApiRevertSetting(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'revertLaneSetting',
      summary: 'Revert a setting of a lane',
      description: 'Takes back what the API has set; the setting has the value of its base again.',
    }),
    ApiParam({ name: 'setting', description: 'The name of the setting.', example: 'batch_size' }),
    ...OF_CHANGE,
    ...OF_LANE,
  );
}
