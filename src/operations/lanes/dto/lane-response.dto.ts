import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { ANY_JSON } from '../../../platform/openapi/any-json.schema.js';
import {
  SETTING_SOURCES,
  type SettingSource,
  type SettingValue,
} from '../../../platform/config/lane-layers.js';

const SOURCE = {
  enum: SETTING_SOURCES,
  enumName: 'SettingSource',
  description:
    'The source of the value: `default`, the `environment`, the lanes `file`, or the `api`, where it was changed.',
  example: 'file',
} as const;

const VALUE = {
  description:
    'The value as the lanes file would write it: a number, a text, or the list of limits. Null if there is none, and ' +
    'for settings that may hold secrets.',
  ...ANY_JSON,
  example: 10,
};

/** The value of a setting without what the API has set. */
export class BaseSettingResponse {
  @ApiProperty(VALUE)
  readonly value!: SettingValue;

  @ApiProperty(SOURCE)
  readonly source!: SettingSource;
}

/** A setting of a lane. */
export class LaneSettingResponse extends BaseSettingResponse {
  @ApiPropertyOptional({
    type: BaseSettingResponse,
    description: 'The value to which the setting returns if the change over the API is reverted.',
  })
  readonly base?: BaseSettingResponse;
}

/** The settings of a lane. */
@ApiExtraModels(LaneSettingResponse)
export class LaneResponse {
  @ApiProperty({ description: 'The name of the lane.', example: 'crm' })
  readonly lane!: string;

  @ApiProperty({
    description: 'The version of the settings; each change raises it by one. `ETag` has it too.',
    type: 'integer',
    minimum: 0,
    example: 3,
  })
  readonly version!: number;

  @ApiProperty({
    enum: ['active', 'retiring'],
    enumName: 'LaneState',
    description: '`retiring` while the lane takes no new lists and is removed once nothing of it is pending.',
    example: 'active',
  })
  readonly state!: 'active' | 'retiring';

  @ApiProperty({
    enum: ['environment', 'file', 'api'],
    enumName: 'LaneMaker',
    description: 'The place that makes the lane: the `environment`, the lanes `file` or the `api`.',
    example: 'file',
  })
  readonly made_by!: 'environment' | 'file' | 'api';

  @ApiProperty({
    description: 'Each setting by its name in the lanes file.',
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(LaneSettingResponse) },
    example: {
      batch_size: { value: 10, source: 'api', base: { value: 3, source: 'default' } },
      batch_delay: { value: 1, source: 'file' },
    },
  })
  readonly settings!: Readonly<Record<string, LaneSettingResponse>>;
}

/** The settings of all lanes. */
export class LanesResponse {
  @ApiProperty({ description: 'All lanes, the lane `default` first.', type: [LaneResponse] })
  readonly lanes!: readonly LaneResponse[];
}
