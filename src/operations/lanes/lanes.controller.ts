import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  HttpStatus,
  Param,
  Patch,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { parseQuery } from '../../platform/http/parse-query.js';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { LaneLifecycle } from '../../scheduler/settings/lane-lifecycle.js';
import type { CurrentSettings } from '../../scheduler/settings/current-settings.js';
import { LaneSettings } from '../../scheduler/settings/lane-settings.js';
import { LaneSettingsChanges } from '../../scheduler/settings/lane-settings-changes.js';
import type { LaneResponse, LanesResponse } from './dto/lane-response.dto.js';
import { toLaneResponse } from './dto/lane.mapper.js';
import {
  ApiListLanes,
  ApiPatchLane,
  ApiPutLane,
  ApiRetireLane,
  ApiRevertSetting,
  ApiShowLane,
} from './dto/lanes.openapi.js';
import { readIfMatch, toTag } from './if-match.js';
import { LaneSettingsRequestPipe } from './dto/lane-settings-request.pipe.js';
import { RetireQuery } from './dto/retire-query.dto.js';
import { LaneRetirement } from './lane-retirement.js';
import { CHANGEABLE, withChanges, type SettingTexts } from './settings-request.js';
import { UnknownSettingError } from './unknown-setting-error.js';

/** Shows and changes the settings of lanes. */
@ApiTags('operation')
@Controller('lanes')
export class LanesController {
  constructor(
    private readonly settings: LaneSettings,
    private readonly changes: LaneSettingsChanges,
    private readonly lifecycle: LaneLifecycle,
    private readonly retirement: LaneRetirement,
  ) {}

  @ApiListLanes()
  @RequireScope('read')
  @Get()
  async list(): Promise<LanesResponse> {
    return { lanes: (await this.settings.readAll()).map(toLaneResponse) };
  }

  @ApiShowLane()
  @RequireScope('read')
  @Get(':lane')
  async show(
    @Param('lane') lane: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LaneResponse> {
    return answer(response, await this.settings.read(lane));
  }

  @ApiPatchLane()
  @RequireScope('admin')
  @Patch(':lane')
  async patch(
    @Param('lane') lane: string,
    @Body(LaneSettingsRequestPipe) changes: SettingTexts,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LaneResponse> {
    const versions = readIfMatch(ifMatch);
    return answer(
      response,
      await this.changes.change(lane, (overrides) => withChanges(overrides, changes), versions),
    );
  }

  @ApiPutLane()
  @RequireScope('admin')
  @Put(':lane')
  async put(
    @Param('lane') lane: string,
    @Body(LaneSettingsRequestPipe) settings: SettingTexts,
    @Headers('if-match') ifMatch: string | undefined,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LaneResponse> {
    const versions = readIfMatch(ifMatch);
    const overrides = withChanges({}, settings);
    if (ifNoneMatch?.trim() === '*' || (versions === null && !this.settings.has(lane))) {
      const made = await this.lifecycle.create(lane, overrides);
      response.status(HttpStatus.CREATED);
      return answer(response, made);
    }
    return answer(response, await this.changes.replace(lane, overrides, versions));
  }

  @ApiRetireLane()
  @RequireScope('admin')
  @HttpCode(HttpStatus.ACCEPTED)
  @Delete(':lane')
  async retire(
    @Param('lane') lane: string,
    @Query() query: Record<string, unknown>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LaneResponse> {
    const { pending = 'refuse' } = parseQuery(query, RetireQuery);
    return answer(response, await this.retirement.begin(lane, pending));
  }

  @ApiRevertSetting()
  @RequireScope('admin')
  @Delete(':lane/settings/:setting')
  async revert(
    @Param('lane') lane: string,
    @Param('setting') setting: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LaneResponse> {
    if (!CHANGEABLE.has(setting)) {
      throw new UnknownSettingError();
    }
    const versions = readIfMatch(ifMatch);
    return answer(
      response,
      await this.changes.change(lane, (overrides) => withChanges(overrides, { [setting]: null }), versions),
    );
  }
}

function answer(response: Response, current: CurrentSettings): LaneResponse {
  response.setHeader('ETag', toTag(current.version));
  return toLaneResponse(current);
}
