import {
  effectiveOverrides,
  sourceOf,
  toValue,
  toVariables,
  type Overrides,
} from '../../../platform/config/lane-layers.js';
import type { LaneConfiguration } from '../../../platform/config/configuration.js';
import { DEFAULT_LANE } from '../../../domain/lane.js';
import { LANE_VARIABLES, VARIABLE_LIST, type VariableName } from '../../../platform/config/variables.js';
import type { CurrentSettings } from '../../../scheduler/settings/current-settings.js';
import type { BaseSettingResponse, LaneResponse, LaneSettingResponse } from './lane-response.dto.js';

const SECRET: ReadonlySet<VariableName> = new Set(
  VARIABLE_LIST.filter(([, { isSecret }]) => isSecret === true).map(([name]) => name),
);

/** Maps the settings of a lane to the response of `/lanes/{lane}`. */
export function toLaneResponse(current: CurrentSettings): LaneResponse {
  const { configuration, version, document } = current;
  const overrides = effectiveOverrides(configuration, document.overrides);
  const settings = [...describe(current, overrides)].map(
    ([setting, value]): [string, LaneSettingResponse] => {
      if (!(setting in overrides)) {
        return [setting, value];
      }
      const others = Object.entries(overrides).filter(([name]) => name !== setting);
      const base = describe(current, Object.fromEntries(others)).get(setting);
      const { value: now, source } = value;
      return [setting, { value: now, source, ...(base !== undefined && { base }) }];
    },
  );
  return {
    lane: configuration.name,
    version,
    state: configuration.isMade && document.made?.state !== 'active' ? 'retiring' : 'active',
    made_by: toMaker(configuration),
    settings: Object.fromEntries(settings),
  };
}

function toMaker({ isMade, name, own }: LaneConfiguration): LaneResponse['made_by'] {
  if (isMade) {
    return 'api';
  }
  return name === DEFAULT_LANE && Object.keys(own).length === 0 ? 'environment' : 'file';
}

function describe(
  { configuration, document: { base } }: CurrentSettings,
  overrides: Overrides,
): Map<string, BaseSettingResponse> {
  const variables = toVariables(configuration, base, overrides);
  return new Map(
    [...LANE_VARIABLES].map(([setting, variable]) => [
      setting,
      {
        // A value that the API has set has no secret, or it would have been refused.
        value: SECRET.has(variable) && !(setting in overrides) ? null : toValue(variable, variables),
        source: sourceOf(configuration, base, overrides, setting),
      },
    ]),
  );
}
