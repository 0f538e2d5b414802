import type { FieldError } from '../../domain/domain-error.js';
import {
  isNumeric,
  MADE_SETTINGS,
  SHARED_SETTINGS,
  type Overrides,
} from '../../platform/config/lane-layers.js';
import { findNearest } from '../../platform/config/nearest-name.js';
import { LANE_VARIABLES, type VariableName } from '../../platform/config/variables.js';
import { LaneSettingsError } from '../../scheduler/settings/lane-settings-errors.js';

/** The settings of a request: the text of each; null reverts what the API has set. */
export type SettingTexts = Readonly<Record<string, string | null>>;

/** The settings that the API can change, each with its variable; some only of a lane that it has made. */
export const CHANGEABLE: ReadonlyMap<string, VariableName> = new Map([...SHARED_SETTINGS, ...MADE_SETTINGS]);

/**
 * Reads settings from the fields of a request.
 * @throws LaneSettingsError 422 that names each field that cannot be set
 */
export function readSettings(fields: Readonly<Record<string, unknown>>): SettingTexts {
  const faults: FieldError[] = [];
  const texts = Object.entries(fields).flatMap(([field, value]) => {
    const variable = CHANGEABLE.get(field);
    const message = variable === undefined ? whyNotChangeable(field) : whyNoValue(variable, value);
    if (message !== null) {
      faults.push({ field: field.slice(0, 100), message });
      return [];
    }
    return [[field, toText(value)] as const];
  });
  const [first] = faults;
  if (first !== undefined) {
    throw new LaneSettingsError(`${first.field} ${first.message}`, { fields: faults });
  }
  return Object.fromEntries(texts);
}

/** Returns the overrides with these changes. */
export function withChanges(overrides: Overrides, changes: SettingTexts): Overrides {
  const merged = { ...overrides, ...changes };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

function whyNotChangeable(field: string): string {
  if (LANE_VARIABLES.has(field)) {
    return 'cannot be changed over the API: it belongs to the environment or the lanes file';
  }
  const nearest = findNearest(field, [...CHANGEABLE.keys()]);
  return nearest === undefined ? 'is not a setting of a lane' : `is not a setting; did you mean ${nearest}?`;
}

/** Returns the reason why a value has the wrong type; its bounds are checked with those of the variable. */
function whyNoValue(variable: VariableName, value: unknown): string | null {
  if (value === null) {
    return null;
  }
  if (variable === 'LIMITS') {
    return Array.isArray(value) ? null : 'must be a list such as [{ "calls": 190, "per": 10 }], or null';
  }
  if (variable === 'EXTERNAL_API_HEADERS') {
    const isObject = typeof value === 'object' && !Array.isArray(value);
    return isObject || typeof value === 'string' ? null : 'must be an object of names and values, or null';
  }
  if (variable === 'QUIET_HOURS') {
    return Array.isArray(value)
      ? null
      : 'must be a list such as [{ "days": ["sat"], "from": "00:00", "to": "24:00" }], or null';
  }
  if (isNumeric(variable)) {
    return typeof value === 'number' ? null : 'must be a number, or null';
  }
  return typeof value === 'string' ? null : 'must be a string, or null';
}

/** An empty list sets no limits, also above a base that has some. */
function toText(value: unknown): string | null {
  if (value === null) {
    return null;
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? '' : JSON.stringify(value);
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
