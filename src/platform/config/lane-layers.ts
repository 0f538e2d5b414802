import { parse } from 'yaml';
import { toLaneEnvironment } from './lane-entry.js';
import { toFileTerms } from './lane-config-file.js';
import { ConfigError } from './config-error.js';
import type { LaneConfiguration } from './configuration.js';
import { readVariables, type Environment } from './read-variables.js';
import { LANE_VARIABLES, VARIABLES, type VariableName, type Variables } from './variables.js';

/** The places where a value of a setting comes from, the weakest first. */
export const SETTING_SOURCES = ['default', 'environment', 'file', 'api'] as const;

export type SettingSource = (typeof SETTING_SOURCES)[number];

/** A setting in the base of a lane: the text of its variable, and where it comes from. */
export interface BaseSetting {
  /** Null if the setting has no value. */
  readonly text: string | null;
  readonly source: Exclude<SettingSource, 'api'>;
}

/** The settings of a lane without what was changed over the API, by the name of the setting. */
export type BaseSettings = Readonly<Record<string, BaseSetting>>;

/** The changes over the API: the text of the variable, by the name of the setting. Empty text sets no value. */
export type Overrides = Readonly<Record<string, string>>;

/** A value of a setting as JSON shows it; null if it has none. */
export type SettingValue = string | number | readonly unknown[] | Readonly<Record<string, unknown>> | null;

/**
 * Tells whether the store does not keep a setting for all replicas. The address of the upstream and what belongs to it may hold
 * secrets, or name files of one machine: each process takes them from its own environment and lanes file.
 */
function isLocal(variable: VariableName): boolean {
  const isOfAddress = variable.startsWith('EXTERNAL_API_') && variable !== 'EXTERNAL_API_TIMEOUT';
  return isOfAddress || variable === 'RATE_LIMIT_HEADERS';
}

/** The shared settings, each with its variable. */
export const SHARED_SETTINGS: readonly (readonly [string, VariableName])[] = [...LANE_VARIABLES].filter(
  ([, variable]) => !isLocal(variable),
);

/**
 * The settings of the upstream that the API can set of a lane that it has made, each with its variable. They are in the
 * store, so none of them may hold a secret.
 */
export const MADE_SETTINGS: readonly (readonly [string, VariableName])[] = (
  ['url', 'method', 'headers', 'token_file', 'max_answer', 'rate_limit_headers'] as const
).flatMap((setting) => {
  const variable = LANE_VARIABLES.get(setting);
  return variable === undefined ? [] : [[setting, variable] as const];
});

const IS_SHARED: ReadonlySet<string> = new Set(SHARED_SETTINGS.map(([setting]) => setting));

/**
 * Returns the overrides that hold in this process. Where its lanes file has a lane that the API made before, the upstream
 * is that of the file.
 */
export function effectiveOverrides({ isMade }: LaneConfiguration, overrides: Overrides): Overrides {
  return isMade
    ? overrides
    : Object.fromEntries(Object.entries(overrides).filter(([setting]) => IS_SHARED.has(setting)));
}

/** Returns the base that the environment and the lanes file of this process give a lane. */
export function toBase(lane: LaneConfiguration): BaseSettings {
  return Object.fromEntries(
    SHARED_SETTINGS.map(([setting, variable]) => [
      setting,
      { text: toText(lane.variables[variable]), source: localSourceOf(lane, variable) },
    ]),
  );
}

/**
 * Returns the variables of a lane: the local ones of this process, the base, and the overrides above both. A lane that
 * the API gives another upstream takes nothing of the upstream below.
 * @throws ConfigError in the terms of the settings
 */
export function toVariables(lane: LaneConfiguration, base: BaseSettings, overrides: Overrides): Variables {
  try {
    return readVariables(toEnvironment(lane, base, overrides));
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(toFileTerms(error.message)) : error;
  }
}

/** Returns where the value of a setting comes from. */
export function sourceOf(
  lane: LaneConfiguration,
  base: BaseSettings,
  overrides: Overrides,
  setting: string,
): SettingSource {
  const variable = LANE_VARIABLES.get(setting);
  if (setting in effectiveOverrides(lane, overrides)) {
    return 'api';
  }
  if (variable === undefined || !isGiven(toEnvironment(lane, base, overrides)[variable])) {
    return 'default';
  }
  return base[setting]?.source ?? localSourceOf(lane, variable);
}

function toEnvironment(lane: LaneConfiguration, base: BaseSettings, overrides: Overrides): Environment {
  const below: Record<string, string | undefined> = { ...lane.environment };
  for (const [setting, variable] of SHARED_SETTINGS) {
    const given = base[setting];
    if (given !== undefined) {
      below[variable] = given.text ?? undefined;
    }
  }
  return toLaneEnvironment(below, toOverrideEnvironment(effectiveOverrides(lane, overrides)));
}

/** Returns the value of a variable as JSON shows it. */
export function toValue(variable: VariableName, variables: Variables): SettingValue {
  const value = variables[variable];
  if (variable === 'LIMITS' || variable === 'QUIET_HOURS') {
    return typeof value === 'string' ? (parse(value) as readonly unknown[]) : null;
  }
  if (variable === 'EXTERNAL_API_HEADERS') {
    return typeof value === 'string' ? (JSON.parse(value) as Readonly<Record<string, unknown>>) : null;
  }
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

/** Returns true if the setting holds a number. */
export function isNumeric(variable: VariableName): boolean {
  return typeof VARIABLES[variable].default === 'number';
}

function toOverrideEnvironment(overrides: Overrides): Environment {
  return Object.fromEntries(
    Object.entries(overrides).flatMap(([setting, text]) => {
      const variable = LANE_VARIABLES.get(setting);
      return variable === undefined ? [] : [[variable, text]]; // a setting of a later release
    }),
  );
}

/** Returns where this process has the value of a variable from. */
function localSourceOf(
  { own, environment }: LaneConfiguration,
  variable: VariableName,
): BaseSetting['source'] {
  if (isGiven(own[variable])) {
    return 'file';
  }
  return isGiven(environment[variable]) ? 'environment' : 'default';
}

function isGiven(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '';
}

function toText(value: string | number | boolean | undefined): string | null {
  return value === undefined ? null : String(value);
}
