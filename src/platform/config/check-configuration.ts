import { ConfigError } from './config-error.js';
import { Configuration } from './configuration.js';
import { readLanesFile } from './lane-config-file.js';
import type { LaneEntry } from './lane-entry.js';
import { checkVariables, type Environment } from './read-variables.js';
import type { VariableName } from './variables.js';

export interface CheckedConfiguration {
  /** All that is valid; what has a fault is left out. */
  readonly configuration: Configuration;
  /** The entries of the lanes file without those that have a fault. */
  readonly lanes: readonly LaneEntry[];
  readonly faults: readonly string[];
  /** The variables of the environment that have a fault. */
  readonly faulty: ReadonlySet<VariableName>;
}

/** Reads the environment and the lanes file like `Configuration.read`, and finds every fault. */
export function checkConfiguration(environment: Environment): CheckedConfiguration {
  const { variables, faults } = checkVariables(environment);
  const messages = faults.map(({ message }) => message);
  const report = ({ message }: ConfigError): void => {
    messages.push(message);
  };
  const lanes: LaneEntry[] = [];
  const faulty = new Set(faults.flatMap(({ names }) => names));
  // Lanes inherit no fault of the environment: it is reported once.
  const valid = without(environment, [...faulty]);
  const { LANES_FILE } = variables;
  for (const entry of LANES_FILE === undefined ? [] : readLanesFile(LANES_FILE, valid, report)) {
    const ofLane = checkVariables(entry.environment).faults;
    for (const { message } of ofLane) {
      report(entry.explain(new ConfigError(message)));
    }
    lanes.push({
      ...entry,
      environment: without(
        entry.environment,
        ofLane.flatMap(({ names }) => names),
      ),
    });
  }
  return { configuration: Configuration.of(variables, lanes), lanes, faults: messages, faulty };
}

function without(environment: Environment, names: readonly string[]): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)));
}
