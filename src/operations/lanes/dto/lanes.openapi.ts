import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import {
  ApiCommonProblems,
  ApiNotJson,
  ApiProblemResponse,
} from '../../../platform/openapi/problem-responses.js';
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
        'across restarts until it is reverted. After the response nothing is sent by the old settings any more.',
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
      summary: 'Set all that the API changes of a lane',
      description: 'Works like PATCH, and reverts all settings that are not named to their base.',
    }),
    ...OF_BODY,
    ...OF_CHANGE,
    ...OF_LANE,
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
