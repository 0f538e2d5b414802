import { Body, Controller, Delete, Get, Headers, Param, Patch, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { RequireScope } from '../../platform/auth/require-scope.decorator.js';
import { LaneSettings, type CurrentSettings } from '../../scheduler/settings/lane-settings.js';
import type { LaneResponse, LanesResponse } from './dto/lane-response.dto.js';
import { toLaneResponse } from './dto/lane.mapper.js';
import {
  ApiListLanes,
  ApiPatchLane,
  ApiPutLane,
  ApiRevertSetting,
  ApiShowLane,
} from './dto/lanes.openapi.js';
import { readIfMatch, toTag } from './if-match.js';
import { LaneSettingsRequestPipe } from './dto/lane-settings-request.pipe.js';
import { CHANGEABLE, withChanges, type SettingTexts } from './settings-request.js';
import { UnknownSettingError } from './unknown-setting-error.js';

/** Shows and changes the settings of lanes. */
@ApiTags('operation')
@Controller('lanes')
export class LanesController {
  constructor(private readonly settings: LaneSettings) {}

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
      await this.settings.change(lane, (overrides) => withChanges(overrides, changes), versions),
    );
  }

  @ApiPutLane()
  @RequireScope('admin')
  @Put(':lane')
  async put(
    @Param('lane') lane: string,
    @Body(LaneSettingsRequestPipe) settings: SettingTexts,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LaneResponse> {
    const versions = readIfMatch(ifMatch);
    return answer(response, await this.settings.change(lane, () => withChanges({}, settings), versions));
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
      await this.settings.change(lane, (overrides) => withChanges(overrides, { [setting]: null }), versions),
    );
  }
}

function answer(response: Response, current: CurrentSettings): LaneResponse {
  response.setHeader('ETag', toTag(current.version));
  response.setHeader('Cache-Control', 'private, no-cache');
  return toLaneResponse(current);
}
