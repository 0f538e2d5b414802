import type { LaneConfiguration } from '../../platform/config/configuration.js';
import type { LaneDocument } from './lane-settings.repository.js';

/** The settings of a lane, as they hold now. */
export interface CurrentSettings {
  readonly configuration: LaneConfiguration;
  readonly version: number;
  readonly document: LaneDocument;
}
