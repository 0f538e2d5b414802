import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { instead } from '../../domain/printable-text.js';
import { ConfigError } from './config-error.js';
import { REJECTED } from './variable.js';
import { VARIABLE_LIST, VARIABLES, type VariableName, type Variables } from './variables.js';

/** The values of environment variables by name, like `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The type checks. Their message is reported first, because a bound makes no sense for a value of another
 * type.
 */
const KIND_CHECKS = ['isInt', 'isNumber', 'isBoolean', 'isUrl'];

/** Pairs of variables of which the first must not be greater than the second. */
const ORDERED_PAIRS = [
  ['MOCK_DELAY_MIN', 'MOCK_DELAY_MAX'],
  ['RETRY_BASE', 'RETRY_MAX'],
] as const;

/** The object that class-validator checks, with a property per variable. */
class CheckedVariables {
  readonly [name: string]: unknown;

  constructor() {
    Object.assign(this, Object.fromEntries(VARIABLE_LIST.map(([name, { default: value }]) => [name, value])));
  }
}

for (const [name, { decorators }] of VARIABLE_LIST) {
  for (const decorate of decorators) {
    decorate(CheckedVariables.prototype, name);
  }
}

/**
 * Reads and checks the variables. An empty variable counts as not set; unknown ones are ignored.
 * @throws ConfigError that names the first variable that is not valid, and why.
 */
export function readVariables(environment: Environment): Variables {
  const { variables, faults } = checkVariables(environment);
  const [first] = faults;
  if (first !== undefined) {
    throw new ConfigError(first.message);
  }
  return variables;
}

/** A variable that is not valid, or two that do not go together. */
export interface VariableFault {
  readonly names: readonly VariableName[];
  readonly message: string;
}

/** Reads all variables and finds every fault. A variable with a fault has its default in the result. */
export function checkVariables(environment: Environment): {
  readonly variables: Variables;
  readonly faults: readonly VariableFault[];
} {
  const given = VARIABLE_LIST.map(([name]) => [name, environment[name]] as const).filter(
    ([, value]) => value !== undefined && value.trim() !== '',
  );
  const checked = plainToInstance(CheckedVariables, Object.fromEntries(given), { exposeDefaultValues: true });
  const faults: VariableFault[] = validateSync(checked, { forbidUnknownValues: false }).map((error) => ({
    names: [error.property as VariableName],
    message: describe(error, environment),
  }));
  const names = new Set(given.map(([name]) => name));
  if (names.has('LIMITS') && !names.has('BATCH_DELAY')) {
    Object.assign(checked, { BATCH_DELAY: 0 }); // the limits are the pace
  }
  const faulty = new Set(faults.flatMap(({ names }) => names));
  const defaults = [...faulty].map((name) => [name, VARIABLES[name].default]);
  const variables = Object.assign(checked, Object.fromEntries(defaults)) as Variables;
  // With a default in place of one value, a comparison would say nothing.
  const compared = ORDERED_PAIRS.filter((pair) => !pair.some((name) => faulty.has(name)));
  return { variables, faults: [...faults, ...findWrongOrder(variables, compared)] };
}

function describe({ property, constraints = {} }: ValidationError, environment: Environment): string {
  const check = KIND_CHECKS.find((name) => name in constraints) ?? Object.keys(constraints)[0] ?? '';
  const reason = constraints[check] ?? `${property} is not valid`;
  const { isSecret } = VARIABLES[property as VariableName] as { readonly isSecret?: boolean };
  const needsNoValue = isSecret === true || check === REJECTED;
  return needsNoValue ? reason : `${reason}${instead(environment[property] ?? '')}`;
}

function findWrongOrder(
  variables: Variables,
  pairs: readonly (typeof ORDERED_PAIRS)[number][],
): VariableFault[] {
  return pairs
    .filter(([low, high]) => variables[low] > variables[high])
    .map(([low, high]) => ({
      names: [low, high],
      message: `${low} (${String(variables[low])}) must not be greater than ${high} (${String(variables[high])})`,
    }));
}
