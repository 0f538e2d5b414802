import { checkConfiguration } from '../platform/config/check-configuration.js';
import type { Environment } from '../platform/config/read-variables.js';
import { VARIABLE_LIST, type VariableName, type Variables } from '../platform/config/variables.js';

/** Formats each setting with its value and where it comes from. Values that may hold a secret are not shown. */
export function formatConfig(environment: Environment): string {
  const { configuration, lanes, faulty } = checkConfiguration(environment);
  const lines = VARIABLE_LIST.map(([name]) =>
    faulty.has(name)
      ? toLine(name, {}, 'environment, not valid')
      : toLine(name, configuration.variables, isSet(environment[name]) ? 'environment' : 'default'),
  );
  for (const { name: lane, own = {}, environment: valid, locate = () => '' } of lanes) {
    const { variables } = configuration.lanes.find(({ name }) => name === lane) ?? configuration;
    const ofLane = VARIABLE_LIST.filter(([name]) => name in own);
    lines.push('', `# lane ${lane}`);
    for (const [name] of ofLane) {
      lines.push(
        name in valid
          ? toLine(name, variables, locate(name))
          : toLine(name, {}, `${locate(name)}, not valid`),
      );
    }
  }
  return lines.join('\n');
}

function toLine(name: VariableName, variables: Partial<Variables>, origin: string): string {
  const value = variables[name];
  const { isSecret = false } = VARIABLE_LIST.find(([each]) => each === name)?.[1] ?? {};
  const shown = value === undefined ? '' : isSecret ? '(hidden)' : String(value);
  return `${`${name}=${shown}`.padEnd(45)} # ${origin}`;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== '';
}
