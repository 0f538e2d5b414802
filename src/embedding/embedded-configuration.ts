import { DEFAULT_LANE } from '../domain/lane.js';
import { ConfigError } from '../platform/config/config-error.js';
import { Configuration } from '../platform/config/configuration.js';
import { toLaneEnvironment, whyNoLaneName, type LaneEntry } from '../platform/config/lane-entry.js';
import { readVariables, type Environment } from '../platform/config/read-variables.js';
import { VARIABLES } from '../platform/config/variables.js';
import type { LaneSettings, SluiceSettings } from './sluice-settings.js';

/** The file of lanes and the server belong to a service of its own. */
const SERVICE_ONLY: ReadonlySet<string> = new Set(['HOST', 'PORT', 'LOG_LEVEL', 'LANES_FILE']);

/**
 * Builds the configuration of a service inside another application. The settings are checked as the variables of the same
 * names are.
 * @throws ConfigError that names the first setting that is not valid, and why.
 */
export function readConfiguration(
  settings: SluiceSettings,
  lanes: ReadonlyMap<string, LaneSettings>,
): Configuration {
  const environment = toEnvironment(settings, 'setting');
  const variables = read(environment, toSettingName);
  return Configuration.of(
    variables,
    [...lanes].map(([name, own]) => toLane(name, own, environment)),
    environment,
  );
}

function toLane(name: string, settings: LaneSettings, environment: Environment): LaneEntry {
  const explain = ({ message }: ConfigError): ConfigError =>
    new ConfigError(`lane ${name}: ${toSettingName(message)}`);
  const why = name === DEFAULT_LANE ? null : whyNoLaneName(name);
  if (why !== null) {
    throw new ConfigError(why);
  }
  return {
    name,
    environment: toLaneEnvironment(environment, toEnvironment(settings, `setting of lane ${name}`)),
    explain,
  };
}

function read(environment: Environment, rename: (message: string) => string): Configuration['variables'] {
  try {
    return readVariables(environment);
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(rename(error.message), { cause: error }) : error;
  }
}

function toEnvironment(settings: object, what: string): Record<string, string> {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([setting, value]) => {
      const variable = toVariableName(setting);
      if (!(variable in VARIABLES) || SERVICE_ONLY.has(variable)) {
        throw new ConfigError(`${setting} is no ${what}`);
      }
      return [variable, String(value)];
    }),
  );
}

function toVariableName(setting: string): string {
  return setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** Replaces the names of variables in a message by the names of settings. */
function toSettingName(message: string): string {
  return message.replace(/\b[A-Z]+(_[A-Z]+)*\b/g, (word) =>
    word in VARIABLES
      ? word.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
      : word,
  );
}
