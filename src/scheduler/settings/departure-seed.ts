import type { LaneConfiguration } from '../../platform/config/configuration.js';
import { toVariables } from '../../platform/config/lane-layers.js';
import { UNPACED_LEAVE_MS } from '../queue/lane-grants.js';
import { LaneOptions } from '../lanes/lane.options.js';
import type { LaneRules } from '../rules/lane-rules.js';
import type { DepartureSeed, LaneDocument } from './lane-settings.repository.js';

const MICROSECONDS = 1000;
/** The longest calendar period is a bit longer than its nominal length: a month of 31 days, and its margins. */
const PERIOD_FACTOR = 1.1;

/**
 * Returns what to add to the log of departures when a lane gets limits that count what has left, and had none before: then
 * nothing of what it sent lately is in the log. Null if the log is complete or not needed. A lane without a document had
 * none, as far as is known; what is in its log is not added again.
 */
export function toDepartureSeed(
  lane: LaneConfiguration,
  before: LaneDocument | null,
  after: LaneDocument,
): DepartureSeed | null {
  const rules = rulesOf(lane, after);
  if (rules?.needsLog !== true || needsLog(lane, before)) {
    return null;
  }
  const lengthsMs = [
    ...rules.windows.map(({ perUs }) => perUs / MICROSECONDS),
    ...rules.calendars.map(({ calendar }) => calendar.lengthMs * PERIOD_FACTOR),
  ];
  return { isPerId: rules.isPerId, withinMs: Math.max(...lengthsMs), leavesWithinMs: UNPACED_LEAVE_MS };
}

/** Returns true if a change ends the log of departures of a lane: what leaves afterwards is not in it. */
export function endsDepartureLog(
  lane: LaneConfiguration,
  before: LaneDocument | null,
  after: LaneDocument,
): boolean {
  return needsLog(lane, before) && !needsLog(lane, after);
}

function needsLog(lane: LaneConfiguration, document: LaneDocument | null): boolean {
  return document !== null && rulesOf(lane, document)?.needsLog === true;
}

function rulesOf(lane: LaneConfiguration, { base, overrides }: LaneDocument): LaneRules | null {
  return new LaneOptions(lane.name, toVariables(lane, base, overrides)).rules;
}
