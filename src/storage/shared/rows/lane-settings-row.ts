import type { LaneDocument, StoredLane } from '../../../scheduler/settings/lane-settings.repository.js';

/** The settings of a lane as the stores hold them. */
export interface LaneSettingsRow {
  readonly lane: string;
  readonly settings_version: number;
  /** JSON; null if the lane has none. */
  readonly settings: string | null;
}

export function toStoredLane({ lane, settings_version: version, settings }: LaneSettingsRow): StoredLane {
  return { lane, version, document: settings === null ? null : (JSON.parse(settings) as LaneDocument) };
}
